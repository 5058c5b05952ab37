"""Tables of people's qualifications and trainings, and of an organisation's own task cards."""

from __future__ import annotations

from sqlalchemy import Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models import Base, Synced


class PersonRecordRow(Synced, Base):
    """A qualification or a training of a person. Days are ISO dates, "" where there is none."""

    __tablename__ = "person_record"
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose supervisors read it; "" until a server has said."""
    person_name: Mapped[str] = mapped_column(String(100))
    """As in the logs: by their names."""
    kind: Mapped[str] = mapped_column(String(20))
    """"qualification", "training" or "practice"."""
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(100), default="")
    issued_on: Mapped[str] = mapped_column(String(10), default="")
    """Of a training: its day."""
    valid_until: Mapped[str] = mapped_column(String(10), default="")
    issued_by: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[float] = mapped_column(Float, default=0.0)
    result: Mapped[str] = mapped_column(String(300), default="")
    __table_args__ = (Index("person_record_name", "person_name"),)


class GuideRow(Synced, Base):
    """A version of a list that an organisation wrote itself, as JSON; the highest counts."""

    __tablename__ = "guide"
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people use it; "" until a server has said."""
    key: Mapped[str] = mapped_column(String(60))
    """"card:<category>", "equipment" or "inspection"."""
    version: Mapped[int] = mapped_column(Integer)
    person: Mapped[str] = mapped_column(String(100), default="")
    author: Mapped[str] = mapped_column(String(100), default="")
    content: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("guide_key", "key", "version"),)
