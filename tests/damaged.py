"""Files as a bad copy, an odd program or somebody's malice leaves them: variants of a whole one, by a seed."""

import io
import random
import re
import zipfile
from collections.abc import Iterator

ODD_VALUES = ("", "-5", "0", "x", "NaN", "1e999", "9" * 5000, "4294967296", "工", " ", "../../x", "true")
TAG = re.compile(rb"<[^<>!?]+>")
ATTRIBUTE = re.compile(rb'(?<= )([\w:]+)="([^"]*)"')
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def variants(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """So many damaged variants of a file; of an archive mostly such as can still be unpacked."""
    chance = random.Random(seed)
    is_archive = content.startswith(b"PK")
    for number in range(count):
        if is_archive and number % 4:
            yield _repacked(content, chance)
        else:
            yield _spoilt(content, chance)


def _spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes cut off, left out, said twice, zeroed or changed."""
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.choice((1, 2, 8, 60, 500)))
    match chance.randrange(5):
        case 0:
            return content[:start]
        case 1:
            return content[:start] + content[end:]
        case 2:
            return content[:end] + content[start:]
        case 3:
            return content[:start] + bytes(end - start) + content[end:]
        case _:
            return content[:start] + chance.randbytes(end - start) + content[end:]


def _repacked(content: bytes, chance: random.Random) -> bytes:
    """The archive with one part mangled or gone, now and then packed in an uncommon way."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        # What a reader looks at first is mangled most.
        telling = [
            name for name in names if re.search(r"document|sheet|Strings|styles|workbook|content", name)
        ]
        victim = chance.choice(telling or names)
        method = chance.choice(METHODS) if chance.random() < 0.2 else zipfile.ZIP_DEFLATED
        for name in names:
            part = old.read(name)
            if name == victim:
                if chance.random() < 0.05:
                    continue
                for _ in range(chance.choice((1, 1, 3, 20))):
                    part = _mangled(part, chance)
            new.writestr(name, part, method)
    return out.getvalue()


def _mangled(part: bytes, chance: random.Random) -> bytes:
    """XML with a tag gone, doubled, renamed or moved, or an attribute or a text that makes no sense."""
    tags = list(TAG.finditer(part))
    if not tags:
        return _spoilt(part, chance) if part else part
    tag, other = chance.choice(tags), chance.choice(tags)
    odd = chance.choice(ODD_VALUES).encode()
    match chance.randrange(7):
        case 0 | 1 if attributes := list(ATTRIBUTE.finditer(part, tag.start())):
            found = attributes[chance.randrange(min(len(attributes), 50))]
            return part[: found.start(2)] + odd + part[found.end(2) :]
        case 2 if attributes := list(ATTRIBUTE.finditer(part, tag.start())):
            found = attributes[chance.randrange(min(len(attributes), 50))]
            return part[: found.start()] + part[found.end() :]
        case 3:
            return part[: tag.end()] + odd + part[tag.end() :]
        case 4:
            return _without(part, tag, chance)
        case 5:
            return part[: tag.start()] + other[0] + part[tag.end() :]
        case _:
            name = re.match(rb"</?([\w:]+)", tag[0])
            renamed = re.match(rb"</?([\w:]+)", other[0])
            if not name or not renamed:
                return part
            return re.sub(rb"(</?)%s(?=[ />])" % re.escape(name[1]), rb"\g<1>" + renamed[1], part)


def _without(part: bytes, tag: re.Match[bytes], chance: random.Random) -> bytes:
    """Without one element, or without all tags of its name so that what it held stands in its place."""
    found = re.match(rb"<([\w:]+)", tag[0])
    if not found:
        return part
    name = re.escape(found[1])
    if chance.random() < 0.5:
        return re.sub(rb"</?%s(?: [^<>]*)?>" % name, b"", part)
    whole = re.compile(rb"<%s(?: [^<>]*)?(?:/>|>.*?</%s>)" % (name, name), re.DOTALL).match(part, tag.start())
    return part[: tag.start()] + part[whole.end() :] if whole else part
