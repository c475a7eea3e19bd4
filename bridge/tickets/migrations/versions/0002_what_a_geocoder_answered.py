"""What a geocoder answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "geocode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocode")),
        sa.UniqueConstraint("query", name=op.f("uq_geocode_query")),
    )
    with op.batch_alter_table("geocode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_geocode_at"), ["at"], unique=False)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("geocode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_geocode_at"))

    op.drop_table("geocode")
