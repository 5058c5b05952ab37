"""Invented sample assets: 40 cameras of a Chinese city, and as many as a benchmark wants.

Every organisation's name says that it is a sample. Codes have the shape of GB/T 28181 with a
Lishui centre code and serial numbers that nobody was asked about: they are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from app.domain import gb28181
from app.domain.camera import StreamSpec
from app.domain.place import PlaceKind
from app.store import search
from app.store.models import (
    ChannelRow,
    DeviceRow,
    FavouriteRow,
    LandmarkRow,
    OrganisationRow,
    PositionRow,
    SiteRow,
    StreamRow,
)
from app.store.secrets import SecretsError
from app.store.store import Store, new_id
from app.store.store import now as utc_now

ORGANISATIONS = (
    ("莲都公安分局（示例）", "Liandu Police (sample)"),
    ("市交通运输局（示例）", "City Transport (sample)"),
    ("市文化旅游局（示例）", "Culture and Tourism (sample)"),
)

Place = tuple[str, str]
# (organisation, site, address, longitude, latitude, places with the way they look)
SITES: tuple[tuple[int, Place, str, float, float, tuple[Place, ...]], ...] = (
    (0, ("中山街片区", "Zhongshan St area"), "中山街", 119.9221, 28.4517, (
        ("中山街与丽阳街口 朝北", "Zhongshan St / Liyang St, N"),
        ("中山街与丽阳街口 朝南", "Zhongshan St / Liyang St, S"),
        ("中山街与大洋路口 朝东", "Zhongshan St / Dayang Rd, E"),
        ("中山街步行街入口", "Zhongshan St pedestrian zone"),
        ("中山街农贸市场北门", "Zhongshan St market, N gate"),
        ("中山街小学门口", "Zhongshan St school gate"),
        ("中山街公交站 朝西", "Zhongshan St bus stop, W"),
    )),
    (0, ("丽阳门广场", "Liyangmen Square"), "丽阳街 88 号", 119.9178, 28.4562, (
        ("丽阳门广场 云台", "Liyangmen Square, PTZ"),
        ("丽阳门广场东入口", "Liyangmen Square, E entrance"),
        ("丽阳门广场西入口", "Liyangmen Square, W entrance"),
        ("丽阳门广场地下通道", "Liyangmen Square underpass"),
        ("丽阳门广场停车场", "Liyangmen Square car park"),
        ("丽阳门广场喷泉 朝南", "Liyangmen Square fountain, S"),
    )),
    (0, ("万象派出所", "Wanxiang station"), "万象路 12 号", 119.9150, 28.4490, (
        ("万象派出所大门", "Wanxiang station gate"),
        ("万象路与灯塔街口 朝东", "Wanxiang Rd / Dengta St, E"),
        ("万象山公园南门", "Wanxiang Hill park, S gate"),
        ("万象山观景台 云台", "Wanxiang Hill lookout, PTZ"),
    )),
    (1, ("丽水火车站", "Lishui railway station"), "丽青路", 119.9402, 28.4619, (
        ("火车站进站口", "Railway station entrance"),
        ("火车站出站通道", "Railway station exit passage"),
        ("火车站站前广场 云台", "Railway station forecourt, PTZ"),
        ("火车站出租车上客区", "Railway station taxi rank"),
        ("火车站地下停车场 B1", "Railway station car park B1"),
        ("火车站公交枢纽", "Railway station bus terminal"),
    )),
    (1, ("花园路走廊", "Huayuan Rd corridor"), "花园路", 119.9305, 28.4480, (
        ("花园路与人民路口 朝北", "Huayuan Rd / Renmin Rd, N"),
        ("花园路与人民路口 朝西", "Huayuan Rd / Renmin Rd, W"),
        ("花园路与括苍路口 朝南", "Huayuan Rd / Kuocang Rd, S"),
        ("紫金大桥东桥头", "Zijin Bridge, E end"),
        ("紫金大桥西桥头", "Zijin Bridge, W end"),
        ("紫金大桥桥面 云台", "Zijin Bridge deck, PTZ"),
    )),
    (1, ("客运东站", "East coach station"), "绕城东路 5 号", 119.9480, 28.4431, (
        ("客运东站售票厅", "East coach station hall"),
        ("客运东站发车区", "East coach station bays"),
        ("客运东站出口 朝东", "East coach station exit, E"),
    )),
    (2, ("处州公园", "Chuzhou park"), "北环路 1 号", 119.9195, 28.4640, (
        ("处州公园北门", "Chuzhou park, N gate"),
        ("处州公园湖心亭 云台", "Chuzhou park pavilion, PTZ"),
        ("处州公园儿童乐园", "Chuzhou park playground"),
        ("处州公园停车场", "Chuzhou park car park"),
    )),
    (2, ("市博物馆", "City museum"), "大猷街 36 号", 119.9261, 28.4540, (
        ("博物馆大厅", "Museum hall"),
        ("博物馆东侧走廊", "Museum E corridor"),
        ("博物馆库房通道", "Museum store passage"),
        ("博物馆外广场 朝南", "Museum square, S"),
    )),
)  # fmt: skip

# (kind, name, English name, longitude, latitude); the names end with "(sample)" where shown
LANDMARKS: tuple[tuple[PlaceKind, str, str, float, float], ...] = (
    (PlaceKind.STREET, "中山街", "Zhongshan Street", 119.9221, 28.4525),
    (PlaceKind.STREET, "丽阳街", "Liyang Street", 119.9199, 28.4556),
    (PlaceKind.STREET, "大洋路", "Dayang Road", 119.9247, 28.4498),
    (PlaceKind.STREET, "万象路", "Wanxiang Road", 119.9152, 28.4503),
    (PlaceKind.STREET, "花园路", "Huayuan Road", 119.9301, 28.4495),
    (PlaceKind.STREET, "括苍路", "Kuocang Road", 119.9330, 28.4520),
    (PlaceKind.JUNCTION, "中山街与丽阳街口", "Zhongshan St / Liyang St", 119.9221, 28.4551),
    (PlaceKind.JUNCTION, "花园路与人民路口", "Huayuan Rd / Renmin Rd", 119.9307, 28.4484),
    (PlaceKind.JUNCTION, "万象路与灯塔街口", "Wanxiang Rd / Dengta St", 119.9148, 28.4493),
    (PlaceKind.LANDMARK, "处州府城墙遗址", "Chuzhou city wall", 119.9188, 28.4581),
    (PlaceKind.LANDMARK, "紫金大桥", "Zijin Bridge", 119.9318, 28.4472),
    (PlaceKind.LANDMARK, "市中心医院", "City hospital", 119.9263, 28.4571),
    (PlaceKind.LANDMARK, "丽水火车站", "Lishui railway station", 119.9400, 28.4616),
    (PlaceKind.LANDMARK, "儿童公园南门", "Children's park, S gate", 119.9207, 28.4629),
    (PlaceKind.COLUMN, "灯杆 0731", "Lamp post 0731", 119.9235, 28.4529),
    (PlaceKind.COLUMN, "灯杆 0732", "Lamp post 0732", 119.9238, 28.4532),
)

FIRST_CALL_NUMBER = 101
WALL = (0, 7, 14, 17, 19, 22, 25, 30, 37)
"""Places that make a good first wall, by index of `PLACES`."""

PLACES: tuple[Place, ...] = tuple(place for site in SITES for place in site[5])


class Live(Protocol):
    """A camera that can be reached (the simulator's description of one)."""

    @property
    def streams(self) -> tuple[StreamSpec, ...]: ...
    @property
    def onvif_url(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def has_ptz(self) -> bool: ...


def live_names(count: int) -> tuple[Place, ...]:
    """Names for `count` simulated cameras: fixed ones first, turning ones last."""
    order = [*WALL, *(i for i in range(len(PLACES)) if i not in WALL)][:count]
    still = [PLACES[i] for i in order if "云台" not in PLACES[i][0]]
    return (*still, *(PLACES[i] for i in order if "云台" in PLACES[i][0]))


def fill(store: Store, live: Sequence[Any] = (), above: tuple[str, str] | None = None) -> list[str]:
    """40 invented cameras in 3 organisations; returns the ids of a first wall of nine.

    `above`: id and name of the server's organisation that the three are put under.
    `live`: descriptions of simulated cameras named by `live_names`; the others get addresses in
    TEST-NET-1 where nobody is, so that the sample shows faults too. Raises StoreError.
    """
    now = utc_now()
    common = {"rev": 0, "updated_at": now}
    by_name: dict[str, Any] = {camera.name: camera for camera in live}
    tables: dict[type[Any], list[dict[str, Any]]] = {
        kind: []
        for kind in (OrganisationRow, SiteRow, PositionRow, DeviceRow, ChannelRow, StreamRow,
                     FavouriteRow, LandmarkRow)
    }  # fmt: skip
    for kind, name, name_en, longitude, latitude in LANDMARKS:
        tables[LandmarkRow].append(
            {"id": new_id(), "kind": kind.value, "name": f"{name}（示例）", "name_en":
             f"{name_en} (sample)", "latitude": latitude, "longitude": longitude, **common}
        )  # fmt: skip
    organisations = [new_id() for _ in ORGANISATIONS]
    if above is not None:
        tables[OrganisationRow].append(
            {"id": above[0], "name": above[1], "name_en": "", "parent_id": None, **common}
        )
    for identity, (name, name_en) in zip(organisations, ORGANISATIONS, strict=True):
        tables[OrganisationRow].append(
            {"id": identity, "name": name, "name_en": name_en,
             "parent_id": above[0] if above else None, **common}
        )  # fmt: skip
    channels: list[str] = []
    passwords: dict[str, str] = {}
    for owner, (site, site_en), address, longitude, latitude, places in SITES:
        site_id = new_id()
        tables[SiteRow].append(
            {"id": site_id, "organisation_id": organisations[owner], "name": site,
             "name_en": site_en, "address": f"丽水市莲都区{address}", "latitude": latitude,
             "longitude": longitude, **common}
        )  # fmt: skip
        for place, place_en in places:
            index = len(channels)
            camera = by_name.get(place)
            position_id, device_id, channel_id = new_id(), new_id(), new_id()
            channels.append(channel_id)
            turns = camera.has_ptz if camera else "云台" in place
            host = "127.0.0.1" if camera else f"192.0.2.{index + 1}"
            code = gb28181.make("33110200", index + 1, industry=f"{(0, 4, 8)[owner]:02d}")
            tables[PositionRow].append(
                {"id": position_id, "site_id": site_id, "name": place, "point_class":
                 str(min(owner + 1, 3)), "pole_number": f"LD-{index + 1:04d}",
                 "bearing_deg": _bearing(place), "latitude": latitude + (index % 5) * 0.0004,
                 "longitude": longitude + (index % 7) * 0.0003, **common}
            )  # fmt: skip
            onvif = camera.onvif_url if camera else f"http://{host}/onvif/device_service"
            tables[DeviceRow].append(
                {"id": device_id, "position_id": position_id, "address": host,
                 "manufacturer": "Sample", "model": "PTZ dome" if turns else "Bullet",
                 "serial": f"SAMPLE{index + 1:05d}", "onvif_url": onvif,
                 "username": camera.username if camera else "admin", **common}
            )  # fmt: skip
            tables[ChannelRow].append(
                {"id": channel_id, "device_id": device_id, "site_id": site_id, "name": place,
                 "name_en": place_en, "code": code, "call_number": FIRST_CALL_NUMBER + index,
                 "has_ptz": turns, "address": host, "note": "invented sample / 虚构示例数据",
                 "search_text": search.search_text(
                     place, place_en, (code,), host, FIRST_CALL_NUMBER + index),
                 "sort_key": search.sort_key(place), **common}
            )  # fmt: skip
            streams = camera.streams if camera else ()
            tables[StreamRow] += [
                {"channel_id": channel_id, "role": s.role.value, "url": s.url, "codec": s.codec,
                 "width": s.width, "height": s.height, "fps": s.fps} for s in streams
            ] or [
                {"channel_id": channel_id, "role": role, "url": f"rtsp://{host}/{role}"}
                for role in ("main", "sub")
            ]  # fmt: skip
            if camera:
                passwords[device_id] = camera.password
    for i in WALL[:3]:
        tables[FavouriteRow].append(
            {"id": new_id(), "person": "local", "channel_id": channels[i], **common}
        )
    try:
        for device_id, password in passwords.items():
            store.secrets.set(device_id, password)
    except SecretsError:
        pass  # the tiles will say that the account is refused
    store.insert_rows(tables)
    return [channels[i] for i in WALL]


def _bearing(place: str) -> float | None:
    ways = {"朝北": 0.0, "朝东": 90.0, "朝南": 180.0, "朝西": 270.0}
    return next((angle for word, angle in ways.items() if word in place), None)


def make_large(store: Store, count: int) -> None:
    """`count` invented cameras on sites of 50, for benchmarks and tests of scale."""
    now = utc_now()
    common = {"rev": 0, "updated_at": now}
    tables: dict[type[Any], list[dict[str, Any]]] = {
        kind: []
        for kind in (OrganisationRow, SiteRow, PositionRow, DeviceRow, ChannelRow, StreamRow)
    }
    organisations = [new_id() for _ in range(10)]
    for i, identity in enumerate(organisations):
        tables[OrganisationRow].append(
            {"id": identity, "name": f"单位 {i + 1}（示例）", "name_en": f"Unit {i + 1} (sample)",
             **common}
        )  # fmt: skip
    site_id = ""
    for i in range(count):
        if i % 50 == 0:
            site_id = new_id()
            tables[SiteRow].append(
                {"id": site_id, "organisation_id": organisations[i // 50 % 10],
                 "name": f"{SITES[i // 50 % 8][1][0]} {i // 50 + 1}", **common}
            )  # fmt: skip
        place, place_en = PLACES[i % len(PLACES)]
        name, name_en = f"{place} {i + 1}", f"{place_en} {i + 1}"
        position_id, device_id, channel_id = new_id(), new_id(), new_id()
        host = f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"
        code = gb28181.make("33110200", i + 1)
        # Over a city 20 km across; the multipliers spread without a dice.
        tables[PositionRow].append(
            {"id": position_id, "site_id": site_id, "name": name, "pole_number": f"P-{i + 1:06d}",
             "latitude": 28.36 + i * 7919 % 100_003 / 100_003 * 0.18,
             "longitude": 119.82 + i * 104_729 % 100_019 / 100_019 * 0.2, **common}
        )  # fmt: skip
        tables[DeviceRow].append(
            {"id": device_id, "position_id": position_id, "address": host, **common}
        )
        tables[ChannelRow].append(
            {"id": channel_id, "device_id": device_id, "site_id": site_id, "name": name,
             "name_en": name_en, "code": code, "call_number": i + 1, "address": host,
             "search_text": search.search_text(name, name_en, (code,), host, i + 1),
             "sort_key": search.sort_key(name), **common}
        )  # fmt: skip
        tables[StreamRow].append(
            {"channel_id": channel_id, "role": "sub", "url": f"rtsp://{host}/sub"}
        )
    store.insert_rows(tables)
