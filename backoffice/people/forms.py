"""The code of the second factor is accepted once, in whichever of the program's processes it is typed."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator


class OnceOnly:
    """Besides the package's own mark, which each process keeps for itself."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not use_up(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCode(OnceOnly, AuthenticateForm):
    """Asked for after the password."""


class CodeOnceMore(OnceOnly, ReauthenticateForm):
    """Asked for before something that needs proof anew."""


def use_up(authenticator: Authenticator, code: str) -> bool:
    """Write the code down beside its secret; of two at once only one can."""
    digits = "".join(filter(str.isdigit, code))
    unused = Authenticator.objects.filter(pk=authenticator.pk).exclude(data__contains={"used": digits})
    return bool(unused.update(data={**authenticator.data, "used": digits}))
