"""Bring the vendored front-end files up to date (maintainers only; needs npm and the network).

Raise a version in PACKAGES or a name in ICONS, run `python static/vendor/update.py`, and commit what changed.
`tests/test_vendor.py` holds the files to the sums written here.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent
STATIC = VENDOR.parent
SPRITE = STATIC / "img" / "icons.svg"


@dataclass(frozen=True)
class Package:
    """An npm package: its pinned version and which of its files go where below static/vendor."""

    name: str
    version: str
    files: dict[str, str]


PACKAGES = [
    Package(
        "tom-select",
        "2.6.2",
        {
            "dist/js/tom-select.popular.min.js": "tom-select/tom-select.min.js",
            "dist/css/tom-select.min.css": "tom-select/tom-select.min.css",
            "LICENSE": "tom-select/LICENSE",
        },
    ),
    Package("@tabler/icons", "3.51.0", {"LICENSE": "tabler-icons/LICENSE"}),
]
ICONS = """
activity adjustments alert-circle alert-triangle archive arrow-back-up arrow-left arrow-right
arrows-exchange arrows-sort award bell bolt book bookmark briefcase building building-community
building-factory calendar calendar-event calendar-stats camera cash chart-bar chart-line check checklist
checkbox chevron-down chevron-left chevron-right chevrons-left chevrons-right circle-check circle-x
clipboard-check clipboard-list clipboard-text clock cloud-off cloud-up coin-yuan columns-3 copy dashboard
database device-mobile dots download eye eye-off file-export file-import file-spreadsheet file-text
file-type-docx files filter first-aid-kit flag gift git-merge heart-handshake help-circle history home id
id-badge-2 info-circle key keyboard layout-sidebar-left-collapse link list list-check list-details loader
lock login logout mail map-pin medal menu-2 message-circle messages minus music network notes package
paperclip pencil phone photo player-stop plus printer progress-check recycle refresh report
report-analytics scale school search send settings share shield-check shield-lock sitemap sort-ascending
sort-descending star sun table target tag tags tool transfer-in transfer-out trash trophy upload user
user-check user-circle user-edit user-minus user-off user-plus user-question user-search users
users-group wallet x
"""


def unpack(package: Package, folder: Path) -> Path:
    """The folder that holds the unpacked package."""
    listing = subprocess.check_output(
        ["npm", "pack", "--json", f"{package.name}@{package.version}"], cwd=folder, text=True
    )
    archive = folder / json.loads(listing)[0]["filename"].replace("@", "").replace("/", "-")
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def without_source_map(data: bytes) -> bytes:
    """The file without its pointer to a .map file, which the manifest storage would look for in vain."""
    return re.sub(rb"\s*(//|/\*)# sourceMappingURL=\S+(\s*\*/)?\s*\Z", b"\n", data)


def sprite(icons: Path) -> str:
    """One SVG document with a symbol for every name in ICONS."""
    symbols = []
    for name in sorted(ICONS.split()):
        source = (icons / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(
            r"<path stroke=\"none\"[^>]*/>", "", re.search(r"<svg[^>]*>(.*)</svg>", source, re.S)[1]
        )
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(body.split(chr(10))).replace("  ", "")}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def entry(package: Package, licence: str, files: list[Path]) -> dict[str, object]:
    """What VENDOR.json says of one package: name, version, licence and the SHA-256 of each file."""
    sums = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    return {"name": package.name, "version": package.version, "licence": licence, "files": sums}


def main() -> None:
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            source = unpack(package, Path(scratch))
            written = []
            for origin, target in package.files.items():
                path = VENDOR / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(without_source_map((source / origin).read_bytes()))
                written.append(path)
            if package.name == "@tabler/icons":
                SPRITE.write_text(sprite(source / "icons"), encoding="utf-8", newline="\n")
                written.append(SPRITE)
            licence = json.loads((source / "package.json").read_text(encoding="utf-8"))["license"]
            entries.append(entry(package, licence, written))
    manifest = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "VENDOR.json").write_text(manifest, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
