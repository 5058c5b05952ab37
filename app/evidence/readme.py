"""README.txt of a package: how to check it without Watchroom. Commands stand four spaces in."""

from __future__ import annotations

_COMMANDS = (
    r"""    sed -n 's/^ *"signature": "\(.*\)"$/\1/p' manifest.sig | openssl base64 -d -A > /tmp/evidence.sig
    openssl pkeyutl -verify -rawin -pubin -inkey public-key.pem -in manifest.json -sigfile /tmp/evidence.sig""",
    r"""    openssl pkey -pubin -in public-key.pem -outform DER | tail -c 32 | sha256sum | cut -c 1-16""",
    r"""    grep -c "$(sha256sum < SHA256SUMS | cut -c 1-64)" manifest.json""",
    r"""    sha256sum --check --strict SHA256SUMS""",
)

_TEXT = """Evidence package EVID-{number}
Signing key: {key_id}
中文说明见下半部分。

HOW TO CHECK THIS PACKAGE

With Watchroom:  watchroom verify FOLDER
Without it, in a shell with openssl 3 and sha256sum (Linux; Windows: Git Bash), inside this folder:

1. Was manifest.json signed with the key in public-key.pem?
   Expected: "Signature Verified Successfully"

{0}

2. Whose key is it? Expected: {key_id}
   Anybody can make a key. Ask the issuing authority for the id of its key, by another way than the
   one on which you received this package, and compare.

{1}

3. Does the signed manifest.json name this SHA256SUMS? Expected: 1

{2}

4. Is every file as it was? Expected: "OK" behind every name

{3}

A file that is neither in SHA256SUMS nor one of SHA256SUMS, manifest.json, manifest.sig and log.csv
does not belong to the package.

WHAT IS INSIDE

manifest.json   case, purpose, persons, times; per file: camera, period, gaps, size, SHA-256
manifest.sig    the signature over manifest.json
log.csv         chain of custody. Each row ends with the SHA-256 of the row before it (the first row:
                of manifest.json) and of the row itself up to its last comma. It is not signed.
                Do not save it from a spreadsheet program.
video/ stills/  the recordings, not re-encoded unless manifest.json says "transcoded": true

Work on a copy. Never change, rename or add a file here.


证据包 EVID-{number}
签名密钥：{key_id}

如何校验本证据包

使用 Watchroom：watchroom verify 文件夹
不使用 Watchroom：在装有 openssl 3 和 sha256sum 的终端（Linux；Windows 可用 Git Bash）中，进入本文件夹后执行：

1. manifest.json 是否由 public-key.pem 中的密钥签名？应显示：“Signature Verified Successfully”

{0}

2. 密钥属于谁？应显示：{key_id}
   任何人都可以生成密钥。请通过与收到本包不同的途径向出具单位索取其密钥编号并核对。

{1}

3. 已签名的 manifest.json 是否登记了本 SHA256SUMS？应显示：1

{2}

4. 各文件是否保持原样？每个文件名后应显示 “OK” 或“成功”

{3}

除 SHA256SUMS、manifest.json、manifest.sig 和 log.csv 外，未列入 SHA256SUMS 的文件不属于本证据包。

内容

manifest.json   案件、用途、人员、时间；每个文件的摄像机、时段、缺失段、大小、SHA-256
manifest.sig    对 manifest.json 的签名
log.csv         保管记录。每行末尾为上一行的 SHA-256（首行为 manifest.json 的 SHA-256）以及
                本行最后一个逗号之前内容的 SHA-256。本记录未签名。请勿用电子表格软件保存它。
video/ stills/  录像与截图；除非 manifest.json 注明 "transcoded": true，否则未经重新编码

请在副本上工作，切勿更改、重命名或添加文件。
"""


def readme(number: str, key_id: str) -> str:
    """The text for one package, signed with an Ed25519 key."""
    return _TEXT.format(*_COMMANDS, number=number, key_id=key_id)
