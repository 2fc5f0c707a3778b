"""Where a rule of the house does not hold, and why. Each gives its reason and goes when it is no longer needed."""

# imports that do not stand at the top
IMPORTS_INSIDE: dict[str, str] = {
    "backoffice/files/press.py": "a process of its own that has to say in words which library is missing; nothing imports it",
}

# a duty of this stage that no test names yet
DUTIES_WITHOUT_A_TEST: dict[str, str] = {}

# text that is marked as safe HTML
MARKED_SAFE: dict[str, str] = {
    "backoffice/pages/charts.py": "the drawing comes from our own script, made of our own options",
    "backoffice/pages/templatetags/show.py": "the options of a chart, escaped for a script of data",
}

# views that take no token against forgery
CSRF_EXEMPT: dict[str, str] = {
    "customers/mailings/views/public.py": "mail programs opt out by one POST without a session (RFC 8058); the letter's secret in the address is the key",
}

# floats, where no money is near
FLOATS: dict[str, str] = {}

# functions as views; a class with declared roles is the rule
FUNCTION_VIEWS: dict[str, str] = {
    "backoffice.pages.frame.choose_language": "takes the language of somebody who has not signed in; shows nothing",
    "backoffice.control.views.health.healthz": "asked by machines that do not sign in; says «ok» and nothing else",
    "backoffice.control.views.health.readyz": "asked by machines that do not sign in; names no version and no address",
    "backoffice.pages.errors.not_found": "stands where pages of the sign-in package are that we do not offer",
}

# Django signals
SIGNALS: dict[str, str] = {}

# labels that are the same in every language
UNTRANSLATED_LABELS: dict[str, str] = {
    "English": "a language is written in its own words",
}

# texts in our catalogues that no file of ours says
SAID_BY_PACKAGES: dict[str, str] = dict.fromkeys(
    ("Anti-Fascist 70th Day", "Dragon Boat Festival", "Labour Day", "Mid-autumn Festival", "National Day", "New Year's Day",
     "Spring Festival", "Tomb-sweeping Day"), "a holiday, named by the calendar's package",
)  # fmt: skip
