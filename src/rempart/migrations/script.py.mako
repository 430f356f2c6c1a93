"""${message}."""

import sqlalchemy as sa
from alembic import op

from rempart.storage import columns

${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Nothing; the schema is that of this release."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Nothing; the schema is that of the release before."""
    ${downgrades if downgrades else "pass"}
