"""Static files under names that change with their content, the modules that import each other included."""

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Modules:
    """A browser keeps each file for ever, and never mixes a new module of ours with an old one."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1])


class HashedFiles(Modules, CompressedManifestStaticFilesStorage):
    """For a server: packed small once, for many readers."""


class HashedFilesHere(Modules, ManifestStaticFilesStorage):
    """For one's own machine, where packing takes longer than it saves."""
