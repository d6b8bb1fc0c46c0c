"""The settings of a site whose staff may write without a limit: how much they may is not what is tried here."""

from kawaraban.settings import *  # noqa: F403
from kawaraban.settings import TRUST as _TRUST

_NEVER = 1_000_000
TRUST = (*_TRUST[:-1], (*_TRUST[-1][:4], _NEVER, _TRUST[-1][5], _NEVER, *_TRUST[-1][7:]))
