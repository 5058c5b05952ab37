"""Tables of the local cache, and later of the server: one model set, no SQLite-only types.

Every row a person can edit has a UUIDv7 text id, `rev` (0 = never synced), `updated_at` (UTC,
ISO 8601) and `deleted_at`, so that synchronisation can be added without a rewrite. A `search_text`
(see `search.py`) is made from the row's other fields whenever it is written.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables."""


class Synced:
    """What every synchronised row carries."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    rev: Mapped[int] = mapped_column(Integer, default=0)
    updated_at: Mapped[str] = mapped_column(String(32))
    deleted_at: Mapped[str | None] = mapped_column(String(32), default=None)


class OrganisationRow(Synced, Base):
    __tablename__ = "organisation"
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    search_text: Mapped[str] = mapped_column(Text, default="")


class SiteRow(Synced, Base):
    __tablename__ = "site"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[float | None] = mapped_column(Float, default=None)
    longitude: Mapped[float | None] = mapped_column(Float, default=None)
    responsible_id: Mapped[str] = mapped_column(String(36), default="", server_default="")
    """The organisation that answers for its cameras, and the one that repairs them; "": its own."""
    maintainer_id: Mapped[str] = mapped_column(String(36), default="", server_default="")
    contact: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Whom to call about it."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("site_place", "latitude", "longitude"),)


class PositionRow(Synced, Base):
    """A place on a pole. Devices come and go; this stays."""

    __tablename__ = "position"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(100), default="")
    pole_number: Mapped[str] = mapped_column(String(50), default="")
    bearing_deg: Mapped[float | None] = mapped_column(Float, default=None)
    latitude: Mapped[float | None] = mapped_column(Float, default=None)
    longitude: Mapped[float | None] = mapped_column(Float, default=None)
    point_class: Mapped[str] = mapped_column(String(1), default="9")
    division: Mapped[str] = mapped_column(String(8), default="")
    common_name: Mapped[str] = mapped_column(String(100), default="")
    install_address: Mapped[str] = mapped_column(String(200), default="")
    place_types: Mapped[str] = mapped_column(String(50), default="")
    direction: Mapped[str] = mapped_column(String(2), default="")
    authority: Mapped[str] = mapped_column(String(50), default="")
    managing_unit: Mapped[str] = mapped_column(String(100), default="")
    contact: Mapped[str] = mapped_column(String(100), default="")
    departments: Mapped[str] = mapped_column(String(50), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        # With the id: the nearest ones are chosen without opening a row.
        Index("position_place", "latitude", "longitude", "deleted_at", "id"),
        Index("position_site", "site_id", "latitude", "deleted_at", "id"),
        Index("position_find", "deleted_at", "id", "search_text"),
    )


class LandmarkRow(Synced, Base):
    """A street, junction or building that people name to say where something is (WGS-84)."""

    __tablename__ = "landmark"
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(10), default="other")
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    search_text: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("landmark_find", "deleted_at", "id", "search_text"),)


class DeviceRow(Synced, Base):
    """The thing with a serial number. Its password is in the secret store under its id."""

    __tablename__ = "device"
    position_id: Mapped[str] = mapped_column(ForeignKey("position.id"))
    manufacturer: Mapped[str] = mapped_column(String(100), default="")
    model: Mapped[str] = mapped_column(String(100), default="")
    serial: Mapped[str] = mapped_column(String(100), default="")
    firmware: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(255), default="")
    onvif_url: Mapped[str] = mapped_column(String(500), default="")
    username: Mapped[str] = mapped_column(String(100), default="")
    ipv4: Mapped[str] = mapped_column(String(15), default="")
    ipv6: Mapped[str] = mapped_column(String(45), default="")
    mac: Mapped[str] = mapped_column(String(17), default="")
    camera_type: Mapped[str] = mapped_column(String(2), default="")
    functions: Mapped[str] = mapped_column(String(50), default="")
    light: Mapped[str] = mapped_column(String(2), default="")
    coding: Mapped[str] = mapped_column(String(2), default="")
    installed_on: Mapped[str] = mapped_column(String(10), default="")
    state: Mapped[str] = mapped_column(String(1), default="")
    in_use_since: Mapped[str] = mapped_column(String(10), default="")
    warranty_until: Mapped[str] = mapped_column(String(10), default="")
    replace_on: Mapped[str] = mapped_column(String(10), default="")
    dismantled_on: Mapped[str] = mapped_column(String(10), default="")
    __table_args__ = (Index("device_position", "position_id"),)


class ChannelRow(Synced, Base):
    """What streams: a camera as an operator knows it.

    Site and address are those of its position and device, repeated here for lists; they, the
    search text and the sort key are made from other fields and are nothing to synchronise.
    """

    __tablename__ = "channel"
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    code: Mapped[str] = mapped_column(String(20), default="")
    call_number: Mapped[int | None] = mapped_column(Integer, default=None)
    has_ptz: Mapped[bool] = mapped_column(Boolean, default=False)
    transport: Mapped[str] = mapped_column(String(3), default="tcp")
    never_degrade: Mapped[bool] = mapped_column(Boolean, default=False)
    """The last to give way when a console is short of power."""
    verify_tls: Mapped[bool] = mapped_column(Boolean, default=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    masks: Mapped[str] = mapped_column(Text, default="")
    """Private areas as JSON: polygons in shares of the picture."""
    networked: Mapped[str] = mapped_column(String(1), default="")
    retention_days: Mapped[int | None] = mapped_column(Integer, default=None)
    address: Mapped[str] = mapped_column(String(255), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Lower-case words that find this camera (see `search.py`); made anew on every save."""
    sort_key: Mapped[str] = mapped_column(String(200), default="")
    __table_args__ = (
        Index("channel_site", "site_id", "deleted_at"),
        # Not unique: what two consoles gave out offline must find room until a person decides.
        Index("channel_call_number", "call_number"),
        Index("channel_code", "code"),
        Index("channel_device", "device_id"),
        # In the order of lists, and with all that a search reads: no row is opened for a miss.
        Index("channel_find", "deleted_at", "sort_key", "id", "search_text", "call_number"),
    )


class AssetFieldRow(Synced, Base):
    """A field of a position, device or channel that has no column of its own. The id is made from
    entity and field, so that two consoles make the same row."""

    __tablename__ = "asset_field"
    kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(36))
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(1000), default="")
    __table_args__ = (Index("asset_field_entity", "entity_id"),)


class AssetChangeRow(Synced, Base):
    """What one write changed of a position, device or channel; `updated_at` is when. Only added to.

    `changes` is JSON: field to [before, after], as `app/domain/asset.py` writes values; "*" says
    that the row was made (["", "1"]) or moved.
    """

    __tablename__ = "asset_change"
    kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(36))
    person: Mapped[str] = mapped_column(String(100), default="")
    """Whose account sent it; "" until a server has said."""
    source: Mapped[str] = mapped_column(String(10), default="person")
    detail: Mapped[str] = mapped_column(String(200), default="")
    batch: Mapped[str] = mapped_column(String(36), default="")
    """Changes that belong together: one import."""
    changes: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("asset_change_entity", "entity_id"),
        Index("asset_change_batch", "batch"),
    )


class AssetDefinitionRow(Synced, Base):
    """A field, a requirement or entries of a code list of this installation, as JSON."""

    __tablename__ = "asset_definition"
    name: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)


class DeviceDifferenceRow(Base):
    """A field that a device calls otherwise than the register. `kept`: a person left it as it is. Local:
    see `observed.py`."""

    __tablename__ = "device_difference"
    channel_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(String(200), default="")
    kept: Mapped[bool] = mapped_column(Boolean, default=False)


class FormerCodeRow(Synced, Base):
    """A GB/T 28181 code that a channel once had; `updated_at` is when it lost it. Only added to."""

    __tablename__ = "former_code"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))


class StreamRow(Base):
    """A stream of a channel; replaced as a whole with its channel."""

    __tablename__ = "stream"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(4), primary_key=True)
    url: Mapped[str] = mapped_column(String(1000))
    codec: Mapped[str] = mapped_column(String(10), default="")
    width: Mapped[int] = mapped_column(Integer, default=0)
    height: Mapped[int] = mapped_column(Integer, default=0)
    fps: Mapped[float] = mapped_column(Float, default=0.0)
    profile_token: Mapped[str] = mapped_column(String(200), default="")


class PresetRow(Synced, Base):
    """A stored position of a camera that turns, as the camera last told it."""

    __tablename__ = "preset"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    token: Mapped[str] = mapped_column(String(100))
    """The camera's own name for it, opaque."""
    name: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[int] = mapped_column(Integer, default=0)
    """Its place in the camera's list, from 1: what is keyed in to go there."""
    position: Mapped[str] = mapped_column(String(100), default="")
    """JSON of pan, tilt and zoom (generic spaces); "" where the camera does not tell."""
    __table_args__ = (Index("preset_channel", "channel_id", "token", unique=True),)


class FavouriteRow(Synced, Base):
    __tablename__ = "favourite"
    person: Mapped[str] = mapped_column(String(100))
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    __table_args__ = (Index("favourite_person", "person", "channel_id", unique=True),)


class ViewRow(Synced, Base):
    """A named view: layout and cameras as JSON, so that a view stays whole."""

    __tablename__ = "view"
    name: Mapped[str] = mapped_column(String(100))
    owner: Mapped[str] = mapped_column(String(110), default="person:local")
    """"organisation", or "person:" and a name: whose it is, and who sees it."""
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people see it, where it is shared; "" until a server has said."""
    content: Mapped[str] = mapped_column(Text)


class TourRow(Synced, Base):
    """A named tour: steps and dwells as JSON."""

    __tablename__ = "tour"
    name: Mapped[str] = mapped_column(String(100))
    owner: Mapped[str] = mapped_column(String(110), default="person:local")
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people see it, where it is shared; "" until a server has said."""
    content: Mapped[str] = mapped_column(Text)


class LayoutRow(Synced, Base):
    """A free layout that a person made."""

    __tablename__ = "layout"
    name: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people see it, where it is shared; "" until a server has said."""
    content: Mapped[str] = mapped_column(Text)


class SetupTemplateRow(Synced, Base):
    """A template of bulk set-up; `content` is `domain.setup.Template` as JSON, and never a password."""

    __tablename__ = "setup_template"
    name: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people use it; "" until a server has said."""
    content: Mapped[str] = mapped_column(Text)


class RetrievalRow(Base):
    """The register of retrievals: only added to. `content` is the entry as JSON."""

    __tablename__ = "retrieval"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    console: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)
    chain: Mapped[str] = mapped_column(String(64))
    rev: Mapped[int] = mapped_column(Integer, default=0)
    person: Mapped[str] = mapped_column(String(100), default="")
    """Whose account sent it; "" until a server has said."""
    camera_id: Mapped[str] = mapped_column(String(36), default="")
    """Repeats what the entry says, for lists."""
    __table_args__ = (
        Index("retrieval_number", "console", "number"),
        Index("retrieval_camera", "camera_id", "at"),
        Index("retrieval_at", "at"),
    )


class SettingRow(Base):
    """Small state of this console: JSON by key. Not synchronised."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
