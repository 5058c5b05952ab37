"""One file per device: which fields it has, what may stand in them, and how complete it is.

The core are the 27 fields of the exchange (domain reference 3.1), in that order; further fields
(3.2 to 3.4) follow, and an installation may define more or ask for other fields (`Rules`). Values
are texts as the exchange writes them; `""` means not known. Nothing here claims conformity with
GB/T 28181: lists and rules come from public implementations, as each list says.
"""

from __future__ import annotations

import ipaddress
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain import gb28181
from app.domain.place import Point, distance_m

Record = Mapping[str, str]
"""Field name to value, as the exchange writes it."""


class Type(StrEnum):
    """What a value is."""

    TEXT = "text"
    CODE = "code"  # one entry of a code list
    CODES = "codes"  # several, with "/" between them
    OPEN = "open"  # an entry of a code list, or a text of one's own
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"  # YYYY-MM-DD
    DEVICE_CODE = "device code"
    DIVISION = "division"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    MAC = "mac"
    PHONE = "phone"


class Group(StrEnum):
    """Where a field stands on the screen."""

    IDENTITY = "identity"
    PLACE = "place"
    DEVICE = "device"
    NETWORK = "network"
    RESPONSIBLE = "responsible"
    LIFE = "life"
    MORE = "more"


ENTITIES = ("position", "device", "channel")
"""What a field belongs to: a replaced device leaves the position's fields as they are."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """Values with their meaning. `source` says where they come from."""

    source: str
    entries: tuple[tuple[str, str, str], ...]  # code, English, Chinese

    def source_text(self, language: str) -> str:
        """`source` for people: without our own references, in the language asked for."""
        parts = re.sub(r"\s*\(domain reference [^)]*\)", "", self.source).split("; ")
        if not language.startswith("zh"):
            return "; ".join(parts)
        return "；".join(SOURCES_ZH.get(p, p) for p in parts)

    def label(self, code: str, language: str) -> str:
        """What a code means, or "" when it is none of this list."""
        for known, english, chinese in self.entries:
            if known == code:
                return chinese if language.startswith("zh") else english
        return ""

    def code_of(self, text: str) -> str:
        """The code that is, or is called, `text` (either language), or ""."""
        wanted = text.strip().casefold()
        for code, english, chinese in self.entries:
            if wanted in (code.casefold(), english.casefold(), chinese.casefold()):
                return code
        return ""


_EXCHANGE = "exchange template of a police system, 2017 (domain reference 3.1)"

SOURCES_ZH = {
    "exchange template of a police system, 2017": "公安系统交换模板（2017）",
    "order partly inferred": "部分顺序为推断",
    "GB/T 28181-2022 has 1, 2, 3 and 9 only": "GB/T 28181-2022 仅有 1、2、3、9",
    "4 from GB/T 28181-2022": "4 出自 GB/T 28181-2022",
    "1 to 10 from GB/T 28181-2016": "1 至 10 出自 GB/T 28181-2016",
    "east means looking from west to east": "“东”指由西向东观看",
    "0 is yes": "0 表示是",
    "provincial upload format, 2018": "省级上传格式（2018）",
    "municipal system, 2021": "市级系统（2021）",
    "codes are ours": "代码为本系统自定",
    "GB/T 28181-2016, Info/RoomType": "GB/T 28181-2016，Info/RoomType",
    "ours": "本系统自定",
    "local": "本地",
}
"""The parts of sources of code lists, in Chinese."""

CODE_LISTS: dict[str, CodeList] = {
    "manufacturer": CodeList(_EXCHANGE + "; order partly inferred", (
        ("1", "Hikvision", "海康威视"), ("2", "Dahua", "大华"), ("3", "Tiandy", "天地伟业"),
        ("4", "Kedacom", "科达"), ("5", "Axis", "安讯士"), ("6", "Bosch", "博世"),
        ("7", "Yaan", "亚安"), ("8", "Infinova", "英飞拓"), ("9", "Uniview", "宇视"),
        ("10", "Hisense", "海信"), ("11", "Vimicro", "中星微"), ("12", "Mingjing", "明景"),
        ("13", "Lenovo", "联想"), ("14", "ZTE", "中兴"), ("15", "Huawei", "华为"),
        ("99", "other", "其他"),
    )),
    "point_class": CodeList(_EXCHANGE + "; GB/T 28181-2022 has 1, 2, 3 and 9 only", (
        ("1", "class I", "一类"), ("2", "class II", "二类"), ("3", "class III", "三类"),
        ("4", "police internal", "公安内部"), ("9", "other", "其他"),
    )),
    "camera_type": CodeList(_EXCHANGE, (
        ("1", "dome", "球机"), ("2", "half-dome", "半球"), ("3", "fixed bullet", "固定枪机"),
        ("4", "remote-controlled bullet", "遥控枪机"), ("5", "checkpoint bullet", "卡口枪机"),
        ("99", "not known", "未知"),
    )),
    "functions": CodeList(_EXCHANGE, (
        ("1", "vehicle checkpoint", "车辆卡口"), ("2", "person checkpoint", "人员卡口"),
        ("3", "micro checkpoint", "微卡口"), ("4", "feature camera", "特征摄像机"),
        ("5", "general", "普通监控"), ("6", "high-altitude lookout", "高空瞭望"),
        ("99", "other", "其他"),
    )),
    "light": CodeList(_EXCHANGE + "; 4 from GB/T 28181-2022", (
        ("1", "none", "无补光"), ("2", "infrared", "红外补光"), ("3", "white light", "白光补光"),
        ("4", "laser", "激光补光"), ("9", "other", "其他"),
    )),
    "coding": CodeList(_EXCHANGE, (
        ("1", "MPEG-4", "MPEG-4"), ("2", "H.264", "H.264"), ("3", "SVAC", "SVAC"),
        ("4", "H.265", "H.265"),
    )),
    "place_types": CodeList(_EXCHANGE + "; 1 to 10 from GB/T 28181-2016", (
        ("1", "inter-provincial checkpoint", "省际检查站"), ("2", "party or government", "党政机关"),
        ("3", "station or wharf", "车站码头"), ("4", "central square", "中心广场"),
        ("5", "stadium", "体育场馆"), ("6", "commercial centre", "商业中心"),
        ("7", "religious site", "宗教场所"), ("8", "around a school", "校园周边"),
        ("9", "complex public-order area", "治安复杂区域"), ("10", "trunk road", "交通干线"),
        ("11", "around a hospital", "医院周边"), ("12", "around a bank", "金融机构周边"),
        ("13", "around dangerous goods", "危险物品场所周边"),
        ("14", "museum or exhibition", "博物馆展览馆"),
        ("15", "key water or channel", "重点水域航道"),
        ("96", "inter-city checkpoint", "市际公安检查站"),
        ("97", "foreign-related place", "涉外场所"), ("98", "border", "边境沿线"),
        ("99", "tourist site", "旅游景区"),
    )),
    "direction": CodeList(_EXCHANGE + "; east means looking from west to east", (
        ("1", "east", "东"), ("2", "west", "西"), ("3", "south", "南"), ("4", "north", "北"),
        ("5", "south-east", "东南"), ("6", "north-east", "东北"), ("7", "south-west", "西南"),
        ("8", "north-west", "西北"), ("9", "all round", "全向"),
    )),
    "networked": CodeList(_EXCHANGE + "; 0 is yes", (
        ("0", "networked", "已联网"), ("1", "not networked", "未联网"),
    )),
    "state": CodeList(_EXCHANGE, (
        ("1", "in use", "在用"), ("2", "in repair", "维修"), ("3", "dismantled", "拆除"),
    )),
    "departments": CodeList(_EXCHANGE, (
        ("1", "police", "公安机关"), ("2", "environment", "环保"), ("3", "heritage", "文博"),
        ("4", "medical", "医疗"), ("5", "tourism", "旅游"), ("6", "media", "新闻广电"),
        ("7", "food and drug", "食品药品"), ("8", "education", "教育"),
        ("9", "procuratorate", "检察院"), ("10", "court", "法院"), ("11", "finance", "金融"),
        ("12", "transport", "交通"), ("13", "housing and construction", "住建"),
        ("14", "water", "水利"), ("15", "forestry", "林业"), ("16", "work safety", "安监"),
        ("17", "city appearance", "市容"), ("18", "land", "国土"),
    )),
    "construction": CodeList("provincial upload format, 2018 (domain reference 3.2)", (
        ("1", "built by police", "公安自建"), ("2", "built by society and leased", "社会建设租用"),
        ("3", "built by district, used by police", "区县建公安用"),
        ("4", "other police video linked", "其他公安视频接入"), ("5", "society linked", "社会接入"),
        ("6", "society networked", "社会联网"), ("7", "mobile", "移动"),
        ("8", "command, meeting or duty room", "指挥会议值班室"), ("9", "experimental", "试验"),
    )),
    "mounting": CodeList("municipal system, 2021 (domain reference 3.4); codes are ours", (
        ("1", "pole", "立杆"), ("2", "borrowed pole", "借杆"), ("3", "wall", "墙装"),
        ("4", "floor", "落地"),
    )),
    "power": CodeList("municipal system, 2021 (domain reference 3.4); codes are ours", (
        ("1", "grid", "市电"), ("2", "enterprise", "企业"), ("3", "household", "居民"),
        ("4", "shop", "商铺"), ("5", "traffic police", "交警"), ("9", "other", "其他"),
    )),
    "indoor": CodeList("GB/T 28181-2016, Info/RoomType (domain reference 2.5)", (
        ("1", "outdoor", "室外"), ("2", "indoor", "室内"),
    )),
    "yes_no": CodeList("ours", (("1", "yes", "是"), ("2", "no", "否"))),
}  # fmt: skip

ALWAYS = frozenset({"1", "2", "3", "4", "9"})
CLASS_I = frozenset({"1"})
NEVER: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the file."""

    name: str
    en: str
    zh: str
    entity: str
    group: Group
    type: Type = Type.TEXT
    required: frozenset[str] = NEVER
    """Point classes that ask for it."""
    length: int = 100
    codes: str = ""
    """Which of the code lists."""
    unit: str = ""
    abbrev: str = ""
    """As the exchange calls it; "" for what is not of its core."""
    low: float | None = None
    high: float | None = None
    stored: bool = True
    """In a column of its entity; others are `asset_field` rows."""

    def label(self, language: str) -> str:
        """What it is called."""
        return (self.zh or self.en) if language.startswith("zh") else (self.en or self.zh)


def _f(name: str, abbrev: str, en: str, zh: str, entity: str, group: Group,
       type_: Type = Type.TEXT, required: frozenset[str] = NEVER, length: int = 100,
       **more: object) -> Field:  # fmt: skip
    codes = name if type_ in (Type.CODE, Type.CODES, Type.OPEN) else ""
    made = Field(name, en, zh, entity, group, type_, required, length, codes, abbrev=abbrev)
    return replace(made, **more) if more else made  # type: ignore[arg-type]


_P, _D, _C = ENTITIES
_ID, _PL, _DE, _NET, _RE, _LI, _MO = Group

CORE: tuple[Field, ...] = (
    _f("code", "SBBM", "Device code", "设备编码", _C, _ID, Type.DEVICE_CODE, ALWAYS, 20),
    _f("name", "SBMC", "Device name", "设备名称", _C, _ID, Type.TEXT, ALWAYS),
    _f("manufacturer", "SBCS", "Manufacturer", "设备厂商", _D, _DE, Type.OPEN, ALWAYS),
    _f("division", "XZQY", "Administrative division", "行政区域", _P, _PL, Type.DIVISION, ALWAYS, 8),
    _f("point_class", "JKDWLX", "Point class", "监控点位类型", _P, _ID, Type.CODE, ALWAYS, 1),
    _f("model", "SBXH", "Model", "设备型号", _D, _DE),
    _f("common_name", "DWSC", "Common name of the point", "点位俗称", _P, _PL),
    _f("ipv4", "IPV4", "IPv4", "IPv4 地址", _D, _NET, Type.IPV4, length=15),
    _f("ipv6", "IPV6", "IPv6", "IPv6 地址", _D, _NET, Type.IPV6, length=45),
    _f("mac", "MACDZ", "MAC address", "MAC 地址", _D, _NET, Type.MAC, length=17),
    _f("camera_type", "SXJLX", "Camera type", "摄像机类型", _D, _DE, Type.CODE, length=2),
    _f("functions", "SXJGNLX", "Functions", "摄像机功能类型", _D, _DE, Type.CODES, length=50),
    _f("light", "BGSX", "Supplementary light", "补光属性", _D, _DE, Type.CODE, length=2),
    _f("coding", "SXJBMGS", "Coding format", "摄像机编码格式", _D, _DE, Type.CODE, length=2),
    _f("install_address", "AZDZ", "Installation address", "安装地址", _P, _PL, Type.TEXT, ALWAYS, 200),
    _f("longitude", "JD", "Longitude", "经度", _P, _PL, Type.LONGITUDE, ALWAYS, 20, unit="°"),
    _f("latitude", "WD", "Latitude", "纬度", _P, _PL, Type.LATITUDE, ALWAYS, 20, unit="°"),
    _f("place_types", "SXJWZLX", "Place types", "摄像机位置类型", _P, _PL, Type.CODES, ALWAYS, 50),
    _f("direction", "JSFW", "Viewing direction", "监视方位", _P, _PL, Type.CODE, length=2),
    _f("networked", "LWSX", "Networked", "联网属性", _C, _NET, Type.CODE, ALWAYS, 1),
    _f("authority", "SSXQGAJG", "Police authority", "所属辖区公安机关", _P, _RE, Type.TEXT, ALWAYS, 50),
    _f("installed_on", "AZSJ", "Installed on", "安装时间", _D, _LI, Type.DATE, CLASS_I, 10),
    _f("managing_unit", "GLDW", "Managing unit", "管理单位", _P, _RE, Type.TEXT, ALWAYS),
    _f("contact", "GLDWLXFS", "Contact", "管理单位联系方式", _P, _RE, Type.PHONE, CLASS_I),
    _f("retention_days", "LXBCTS", "Recording kept for", "录像保存天数", _C, _RE, Type.INTEGER, CLASS_I,
       5, unit="d", low=0, high=3650),
    _f("state", "SBZT", "Device state", "设备状态", _D, _LI, Type.CODE, ALWAYS, 1),
    _f("departments", "SSBMHY", "Departments", "所属部门行业", _P, _RE, Type.CODES, length=50),
)  # fmt: skip
"""The 27 fields of the exchange, in its order."""

LIFE_CYCLE: tuple[Field, ...] = (
    _f("in_use_since", "", "In use since", "启用时间", _D, _LI, Type.DATE, length=10),
    _f("warranty_until", "", "Warranty until", "质保到期", _D, _LI, Type.DATE, length=10),
    _f("replace_on", "", "Planned replacement", "计划更换", _D, _LI, Type.DATE, length=10),
    _f("dismantled_on", "", "Dismantled on", "拆除时间", _D, _LI, Type.DATE, length=10),
    _f("firmware", "", "Firmware", "固件版本", _D, _LI),
    _f("serial", "", "Serial number", "序列号", _D, _DE),
)

FURTHER: tuple[Field, ...] = (
    _f("pole_number", "", "Pole number", "杆号", _P, _PL, length=50),
    _f("bearing_deg", "", "Bearing (0 = north)", "朝向（正北 0）", _P, _PL, Type.NUMBER,
       length=10, unit="°", low=0, high=360),
    *(
        replace(made, stored=False)
        for made in (
            _f("height_m", "", "Installation height", "安装高度", _P, _MO, Type.NUMBER, length=10,
               unit="m", low=0, high=500),
            _f("tilt_deg", "", "Tilt (down from level)", "俯角", _P, _MO, Type.NUMBER, length=10,
               unit="°", low=-90, high=90),
            _f("hfov_deg", "", "Horizontal field of view", "水平视场角", _P, _MO, Type.NUMBER,
               length=10, unit="°", low=1, high=360),
            _f("visible_m", "", "Visible distance", "可视距离", _P, _MO, Type.NUMBER, length=10,
               unit="m", low=0, high=50_000),
            _f("landmark", "", "Surrounding landmark", "周边标志", _P, _MO),
            _f("indoor", "", "Indoor or outdoor", "室内外", _P, _MO, Type.CODE, length=1),
            _f("mounting", "", "Mounting", "安装方式", _P, _MO, Type.CODE, length=2),
            _f("power", "", "Power source", "取电方式", _P, _MO, Type.CODE, length=2),
            _f("cabinet", "", "Cabinet", "机箱", _P, _MO),
            _f("resolution", "", "Resolution", "分辨率", _D, _MO, length=20),
            _f("sensor_mm", "", "Sensor width (active)", "传感器有效宽度", _D, _MO, Type.NUMBER,
               length=10, unit="mm", low=1, high=60),
            _f("focal_mm", "", "Focal length", "焦距", _D, _MO, Type.NUMBER, length=10, unit="mm",
               low=0.5, high=2000),
            _f("lens", "", "Lens", "镜头参数", _D, _MO),
            _f("onu_serial", "", "ONU serial number", "ONU 序列号", _D, _MO),
            _f("construction", "", "Construction class", "建设类别", _P, _MO, Type.CODE, length=2),
            _f("owner_unit", "", "Construction unit", "建设单位", _P, _MO),
            _f("maintenance_unit", "", "Maintenance unit", "维护单位", _P, _MO),
            _f("contractor", "", "Contractor", "承建单位", _P, _MO),
            _f("administrator", "", "Administrator", "管理员", _P, _MO, length=50),
            _f("administrator_phone", "", "Administrator's phone", "管理员电话", _P, _MO, Type.PHONE,
               length=50),
            _f("osd_name", "", "On-screen name", "OSD 名称", _C, _MO),
            _f("shared", "", "Shared to outside", "对外共享", _C, _MO, Type.CODE, length=1, codes="yes_no"),
            _f("microphone", "", "Microphone", "拾音器", _D, _MO, Type.CODE, length=1, codes="yes_no"),
            _f("qr_number", "", "QR code number", "二维码编号", _D, _MO, length=50),
        )
    ),
)  # fmt: skip
"""Fields beyond the core that several systems have (domain reference 3.2 to 3.4)."""


@dataclass(frozen=True)
class Rules:
    """The fields and code lists in force: the built-in ones, changed and extended by data."""

    fields: tuple[Field, ...] = CORE + LIFE_CYCLE + FURTHER
    lists: Mapping[str, CodeList] = field(default_factory=lambda: CODE_LISTS)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {f.name: f for f in self.fields})

    def get(self, name: str) -> Field | None:
        """The field of that name, or None."""
        found: dict[str, Field] = self._by_name  # type: ignore[attr-defined]
        return found.get(name)

    def required(self, point_class: str) -> tuple[Field, ...]:
        """What the file of a point of that class must have."""
        return tuple(f for f in self.fields if (point_class or "9") in f.required)

    def list_of(self, field: Field) -> CodeList | None:
        """The field's code list, or None."""
        return self.lists.get(field.codes) if field.codes else None


RULES = Rules()
RULES_NAMES = frozenset(f.name for f in RULES.fields)


def with_definitions(definitions: Iterable[Mapping[str, object]]) -> Rules:
    """The built-in rules with what an installation defined; definitions that are none are left.

    {"name", "en", "zh", "entity", "type", "required": ["1"], "length", "unit", "list", "order"} adds a
    field, or changes `required`, `en` and `zh` of a built-in one; {"list", "entries": [[code,
    English, Chinese]]} adds entries to a code list, or a list.
    """
    fields = {f.name: f for f in RULES.fields}
    lists = dict(RULES.lists)
    orders: dict[str, int] = {}
    for item in definitions:
        entries = item.get("entries")
        if isinstance(entries, list):
            name = str(item.get("list") or "")
            good = tuple(
                (str(e[0]), str(e[1]), str(e[2]))
                for e in entries if isinstance(e, list) and len(e) == 3
            )  # fmt: skip
            known = lists.get(name)
            kept = (
                tuple(e for e in known.entries if e[0] not in {g[0] for g in good}) if known else ()
            )
            if name and good:
                lists[name] = CodeList(
                    (known.source + "; local") if known else "local", kept + good
                )
            continue
        name = str(item.get("name") or "")
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            continue
        base = fields.get(name)
        if base is None:
            try:
                kind = Type(str(item.get("type") or "text"))
            except ValueError:
                continue
            entity = str(item.get("entity") or _P)
            base = Field(
                name, "", "", entity if entity in ENTITIES else _P, _MO, kind,
                codes=str(item.get("list") or ""), unit=str(item.get("unit") or ""), stored=False,
            )  # fmt: skip
            length = item.get("length")
            if isinstance(length, int) and 0 < length <= 1000:
                base = replace(base, length=length)
        classes = item.get("required")
        required = (
            frozenset(str(c) for c in classes) & ALWAYS
            if isinstance(classes, list)
            else base.required
        )
        order = item.get("order")
        if isinstance(order, int) and name not in RULES_NAMES:
            orders[name] = order
        fields[name] = replace(
            base, required=required, en=str(item.get("en") or base.en or name),
            zh=str(item.get("zh") or base.zh or name),
        )  # fmt: skip
    # The built-in ones in their order, then those of the installation in theirs.
    names = sorted(fields, key=lambda n: (n not in RULES_NAMES, orders.get(n, 1000)))
    return Rules(tuple(fields[n] for n in names), lists)


# -- one record


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field. A hint is worth a look and hinders nothing."""

    field: str
    reason: str
    detail: str = ""
    hint: bool = False


def normal(spec: Field, text: str, rules: Rules = RULES) -> str:
    """A value as it is kept: trimmed, a code for its name, a MAC with dashes, an ISO date."""
    text = text.strip()
    if not text:
        return ""
    listed = rules.list_of(spec)
    match spec.type:
        case Type.CODE if listed:
            return listed.code_of(_whole(text)) or text
        case Type.OPEN if listed:
            # Kept as the name that is in use; a name of one's own stays.
            code = listed.code_of(_whole(text))
            return listed.label(code, "en") if code and code != "99" else text
        case Type.CODES if listed:
            parts = [p.strip() for p in re.split(r"[/、,，;；]", text) if p.strip()]
            return "/".join(dict.fromkeys(listed.code_of(_whole(p)) or p for p in parts))
        case Type.MAC:
            digits = re.sub(r"[-:.\s]", "", text)
            if re.fullmatch(r"[0-9A-Fa-f]{12}", digits):
                return "-".join(digits[i : i + 2] for i in range(0, 12, 2)).upper()
        case Type.DATE:
            found = _date(text)
            return found.isoformat() if found else text
        case Type.LATITUDE | Type.LONGITUDE:
            number = _number(text)
            return text if number is None else f"{number:.6f}"
        case Type.NUMBER | Type.INTEGER:
            number = _number(_whole(text))
            return text if number is None else f"{number:.10g}"
        case Type.IPV6:
            try:
                return str(ipaddress.IPv6Address(text))
            except ValueError:
                return text
        case Type.DEVICE_CODE | Type.DIVISION:
            return _whole(text).replace(" ", "")
        case _:
            pass
    return text


def _whole(text: str) -> str:
    """Spreadsheets write the number 1 as 1.0."""
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date(text: str) -> date | None:
    text = re.sub(r"[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$", "", text)
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"):
        try:
            found = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return found if 1980 <= found.year <= 2100 else None
    return None


def problem_of(spec: Field, value: str, rules: Rules = RULES) -> Problem | None:
    """What is wrong with one value, by itself; None when nothing is, or when it is empty."""
    if not value:
        return None

    def wrong(reason: str, detail: str = "") -> Problem:
        return Problem(spec.name, reason, detail)

    if len(value) > spec.length:
        return wrong("too-long", str(spec.length))
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        return wrong("control-character")
    listed = rules.list_of(spec)
    match spec.type:
        case Type.CODE if listed:
            return None if listed.label(value, "en") else wrong("unknown-code", value)
        case Type.CODES if listed:
            for part in value.split("/"):
                if not listed.label(part, "en"):
                    return wrong("unknown-code", part)
        case Type.DEVICE_CODE:
            if not gb28181.is_valid(value):
                try:
                    gb28181.parse(value)
                except ValueError as error:
                    return wrong("bad-code", str(error))
        case Type.DIVISION:
            good = re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{8}", value, re.ASCII)
            if not good or value[:2] not in gb28181.PROVINCES:
                return wrong("bad-division")
        case Type.DATE:
            if _date(value) is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return wrong("bad-date")
        case Type.IPV4:
            try:
                ipaddress.IPv4Address(value)
            except ValueError:
                return wrong("bad-ipv4")
        case Type.IPV6:
            try:
                ipaddress.IPv6Address(value)
            except ValueError:
                return wrong("bad-ipv6")
        case Type.MAC:
            if not re.fullmatch(r"([0-9A-F]{2}-){5}[0-9A-F]{2}", value):
                return wrong("bad-mac")
        case Type.PHONE:
            if not re.search(r"\d{3}", value):
                return wrong("bad-phone")
        case Type.INTEGER | Type.NUMBER | Type.LATITUDE | Type.LONGITUDE:
            return _number_problem(spec, value)
        case _:
            pass
    return None


def _number_problem(spec: Field, value: str) -> Problem | None:
    number = _number(value)
    if number is None:
        return Problem(spec.name, "not-a-number")
    if spec.type is Type.INTEGER and not re.fullmatch(r"-?\d+", value, re.ASCII):
        return Problem(spec.name, "not-whole")
    limit = {Type.LATITUDE: 90.0, Type.LONGITUDE: 180.0}.get(spec.type)
    low = -limit if limit else spec.low
    high = limit if limit else spec.high
    if (low is not None and number < low) or (high is not None and number > high):
        return Problem(spec.name, "out-of-range", f"{low:g} … {high:g}" if high is not None else "")
    return None


CHINA = (3.0, 54.0, 73.0, 136.0)
"""South, north, west, east: generous bounds of the divisions that GB/T 2260 lists."""


def validate(record: Record, rules: Rules = RULES) -> list[Problem]:
    """Everything that is wrong with a record, in the order of the fields; hints after errors of
    the same field. What is merely missing is told by `missing`."""
    found = [
        p for f in rules.fields if (p := problem_of(f, record.get(f.name, ""), rules)) is not None
    ]
    bad = {p.field for p in found}
    found += [p for p in _together(record, bad) if p.field not in bad]
    order = {f.name: i for i, f in enumerate(rules.fields)}
    return sorted(found, key=lambda p: (order.get(p.field, 999), p.hint))


def _together(record: Record, bad: set[str]) -> list[Problem]:
    """What fields say about one another (consistency checks of domain reference 3.5)."""
    found: list[Problem] = []

    def value(name: str) -> str:
        return "" if name in bad else record.get(name, "")

    code, division = value("code"), value("division")
    if len(code) == 20:
        parsed = gb28181.parse(code)
        if not parsed.is_camera:
            found.append(Problem("code", "not-a-camera", parsed.type_label, hint=True))
        if division and not (code.startswith(division) or division.startswith(code[:6])):
            found.append(Problem("division", "division-differs", code[:6], hint=True))
    latitude, longitude = value("latitude"), value("longitude")
    if bool(record.get("latitude", "")) != bool(record.get("longitude", "")):
        found.append(Problem("latitude" if latitude else "longitude", "half-a-place"))
    if latitude and longitude:
        point = Point(float(latitude), float(longitude))
        south, north, west, east = CHINA
        inside = south <= point.latitude <= north and west <= point.longitude <= east
        if point == Point(0.0, 0.0):
            found.append(Problem("latitude", "nowhere"))
        elif south <= point.longitude <= north and west <= point.latitude <= east:
            found.append(Problem("latitude", "swapped", hint=True))
        elif (code or division) and not inside:
            found.append(Problem("latitude", "outside-china", hint=True))
        elif any(len(t.rstrip("0").partition(".")[2]) < 3 for t in (latitude, longitude)):
            found.append(Problem("latitude", "coarse", hint=True))
    bearing, direction = value("bearing_deg"), value("direction")
    if bearing and direction and direction not in ("9", direction_of(float(bearing))):
        found.append(Problem("direction", "direction-differs", hint=True))
    dates = [(n, value(n)) for n in ("installed_on", "in_use_since", "dismantled_on") if value(n)]
    for (_, before), (name, after) in itertools.pairwise(dates):
        if after < before:
            found.append(Problem(name, "before", before))
    installed = value("installed_on")
    for name in ("warranty_until", "replace_on"):
        if installed and value(name) and value(name) < installed:
            found.append(Problem(name, "before", installed))
    if value("dismantled_on") and value("state") not in ("", "3"):
        found.append(Problem("state", "dismantled-but-in-use", hint=True))
    return found


SECTORS = ("4", "6", "1", "5", "3", "7", "2", "8")
"""Codes of N, NE, E, SE, S, SW, W, NW."""


def direction_of(bearing_deg: float) -> str:
    """Field 19 from a compass bearing: the sector of 45 degrees it is in."""
    return SECTORS[round(bearing_deg % 360 / 45) % 8]


def bearing_from_camera_angle(angle_deg: float) -> float:
    """A compass bearing from the `cameraAngle` of one municipal system, where 0 is east and 90
    is south (domain reference 3.4)."""
    return (angle_deg + 90) % 360


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what the point class asks for is there."""

    filled: int
    required: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Rounded down: 100 means that nothing is missing."""
        return 100 if not self.required else self.filled * 100 // self.required


def completeness(record: Record, rules: Rules = RULES) -> Completeness:
    """Filled fields that the point class demands, of all that it demands."""
    wanted = rules.required(record.get("point_class", ""))
    missing = tuple(f.name for f in wanted if not record.get(f.name, "").strip())
    return Completeness(len(wanted) - len(missing), len(wanted), missing)


WARN_DAYS = 90


def life_cycle(record: Record, today: date) -> list[tuple[str, str]]:
    """What the dates say on a day, as (state, date), the most urgent first: "dismantled",
    "replacement-due", "warranty-over", "replacement-soon", "warranty-ending"."""
    found = []
    if record.get("state") == "3" or record.get("dismantled_on"):
        return [("dismantled", record.get("dismantled_on", ""))]
    for name, over, soon in (
        ("replace_on", "replacement-due", "replacement-soon"),
        ("warranty_until", "warranty-over", "warranty-ending"),
    ):
        day = _date(record.get(name, ""))
        if day is None:
            continue
        if day < today:
            found.append((over, day.isoformat()))
        elif (day - today).days <= WARN_DAYS:
            found.append((soon, day.isoformat()))
    return sorted(found, key=lambda f: f[0] in ("replacement-soon", "warranty-ending"))


# -- the exchange: which column is which field


def header_key(text: str) -> str:
    """A heading without what differs from file to file: case, spaces, marks, notes in brackets."""
    text = re.sub(r"[（(\[【].*?[)）\]】]", "", text)
    return re.sub(r"[\s*＊:：_\-·/]", "", text).casefold()


_SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("国标编码", "设备编号", "编码", "code", "deviceid", "gbcode", "gb code", "国标编号"),
    "name": ("名称", "摄像机名称", "点位名称", "camera name", "name", "camera"),
    "manufacturer": ("厂商", "厂家", "设备厂家", "品牌", "vendor", "make", "brand"),
    "division": ("行政区划", "行政区划代码", "civilcode", "division"),
    "point_class": ("点位类型", "监控点类型", "点位类别", "class"),
    "model": ("型号", "device model"),
    "common_name": ("俗称",),
    "ipv4": ("ip", "ip地址", "设备ip", "ip address", "ipv4 address"),
    "mac": ("mac", "物理地址"),
    "coding": ("编码格式", "codec"),
    "install_address": ("地址", "详细地址", "安装位置", "address", "location"),
    "longitude": ("lon", "lng", "x", "gpsx", "long"),
    "latitude": ("lat", "y", "gpsy"),
    "place_types": ("位置类型", "place type"),
    "direction": ("方位", "朝向", "direction"),
    "networked": ("是否联网", "联网状态"),
    "authority": ("公安机关", "所属公安机关", "派出所", "police station"),
    "installed_on": ("安装日期", "安装时间", "install date", "installation date"),
    "managing_unit": ("管理单位名称", "manager", "unit"),
    "contact": ("联系方式", "联系电话", "电话", "phone"),
    "retention_days": ("存储天数", "录像天数", "保存天数", "retention", "retention days"),
    "state": ("状态", "status", "state"),
    "departments": ("所属行业", "所属部门", "部门", "department"),
    "serial": ("设备序列号", "serial", "s/n", "sn"),
    "firmware": ("软件版本", "固件", "firmware version"),
    "pole_number": ("杆编号", "立杆编号", "pole"),
    "bearing_deg": ("方位角", "bearing", "azimuth"),
}

EXTRA_COLUMNS = {"id": ("Watchroom ID", "系统编号"), "site": ("Site", "片区")}
"""Columns that are no field: the camera itself, and where a new one belongs."""


def headings(rules: Rules = RULES) -> dict[str, str]:
    """Every heading that is understood (by `header_key`) to its field."""
    known: dict[str, str] = {}
    for spec in rules.fields:
        for text in (*_SYNONYMS.get(spec.name, ()), spec.name, spec.en, spec.zh, spec.abbrev):
            if text:
                known[header_key(text)] = spec.name
    for name, texts in EXTRA_COLUMNS.items():
        known |= {header_key(t): name for t in texts}
    return known


def guess_columns(
    header: Sequence[str], rules: Rules = RULES, remembered: Mapping[str, str] | None = None
) -> list[str]:
    """The field of each column, "" for none. What a person once said goes first; no field is
    given twice."""
    known = headings(rules) | dict(remembered or {})
    valid = {f.name for f in rules.fields} | set(EXTRA_COLUMNS)
    taken: set[str] = set()
    result = []
    for text in header:
        name = known.get(header_key(text), "")
        name = name if name in valid and name not in taken else ""
        taken.add(name)
        result.append(name)
    return result


# -- GCJ-02


def to_gcj02(point: Point) -> Point:
    """WGS-84 to the datum of Chinese web maps, by the published formulas (Krasovsky 1940
    ellipsoid); good to a few metres. Outside China both are the same."""
    south, north, west, east = 0.8293, 55.8271, 72.004, 137.8347
    lat, lon = point.latitude, point.longitude
    if not (south <= lat <= north and west <= lon <= east):
        return point
    a, ee = 6_378_245.0, 0.006_693_421_622_965_943
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    d_lat += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    d_lon += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    rad = math.radians(lat)
    magic = 1 - ee * math.sin(rad) ** 2
    north_m = a * (1 - ee) / (magic * math.sqrt(magic))
    east_m = a / math.sqrt(magic) * math.cos(rad)
    return Point(lat + math.degrees(d_lat / north_m), lon + math.degrees(d_lon / east_m))


def from_gcj02(point: Point) -> Point:
    """The inverse, to a millimetre, by iteration."""
    guess = point
    for _ in range(6):
        moved = to_gcj02(guess)
        guess = Point(
            guess.latitude + point.latitude - moved.latitude,
            guess.longitude + point.longitude - moved.longitude,
        )
    return guess


def looks_like_gcj02(here: Point, there: Point) -> bool:
    """Whether `there` is `here` (WGS-84) as a Chinese web map gives it: far off as it stands, and
    close once converted."""
    apart = distance_m(here, there)
    return 100 < apart < 1500 and distance_m(here, from_gcj02(there)) < min(40.0, apart / 5)
