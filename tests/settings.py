"""The one settings file under fixed conditions: no .env and no environment of a machine decides a test."""

import os

os.environ.update(SECRET_KEY="tests-only-" + "0123456789" * 5, DEBUG="0", HTTPS="0", DEMO="0", DEMO_TODAY="")
os.environ.pop("ALLOWED_HOSTS", None)

from vuthu_recruit.settings import *
from vuthu_recruit.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# No collected files in tests: nothing to warn about.
WHITENOISE_AUTOREFRESH = True
