"""A recipe's photographs in a few files of limited size, to be carried to a machine that has a GPU.

A pack is a tar archive of the images as they are, under their paths in the data folder. Each holds a fair sample of
every training folder, and the first all of the images to steer by: what trains can begin before the last has arrived.
"""

import tarfile
from pathlib import Path

from .data import image_files
from .recipe import Recipe

BLOCK = 512  # bytes: of a tar archive, which ends with up to RECORD of them
RECORD = 20 * BLOCK
NAME = "photographs-{number}-of-{count}.tar"


def size_in_archive(file: Path) -> int:
    return BLOCK + -(-file.stat().st_size // BLOCK) * BLOCK


def shares(groups: list[list[Path]], count: int) -> list[list[Path]]:
    """The files of each group among `count` packs, always to the emptiest; the first group goes into the first pack."""
    packs, sizes = [[] for _ in range(count)], [RECORD] * count
    for number, group in enumerate(groups):
        for file in group:
            pack = 0 if number == 0 else min(range(count), key=sizes.__getitem__)
            packs[pack].append(file)
            sizes[pack] += size_in_archive(file)
    return packs


def pack(recipe: Recipe, data: Path, out: Path, largest: int, more: tuple[str, ...] = ()) -> list[Path]:
    """Writes the folders that `recipe` and `more` name into archives of at most `largest` bytes in `out`.

    The same data give the same bytes.
    """
    groups = [image_files(data / folder) for folder in (recipe.data["valid"], *recipe.data["train"], *more)]
    needed = -(-sum(size_in_archive(file) for group in groups for file in group) // largest)
    for count in range(needed, 2 * needed + 1):
        packs = shares(groups, count)
        if all(RECORD + sum(map(size_in_archive, files)) <= largest for files in packs):
            return [write(files, data, out, number, count) for number, files in enumerate(packs, start=1)]
    raise ValueError(f"Expected room for every image and for all of {recipe.data['valid']} in {largest} bytes.")


def write(files: list[Path], data: Path, out: Path, number: int, count: int) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    archive_file = out / NAME.format(number=number, count=count)
    with tarfile.open(archive_file, "w", format=tarfile.USTAR_FORMAT) as archive:
        for file in files:
            entry = tarfile.TarInfo(file.relative_to(data).as_posix())
            entry.size = file.stat().st_size
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return archive_file


def unpacked(data: Path) -> Path:
    """`data` itself; if there are packs in it, their images then lie beside them, in their folders."""
    archives = sorted(data.glob(NAME.format(number="*", count="*")))
    for archive_file in archives:
        with tarfile.open(archive_file) as archive:
            for entry in archive:
                extract(archive, entry, data)
    if archives:
        expected = int(archives[0].stem.rpartition("-")[2])
        if len(archives) < expected:
            print(f"{len(archives)} of {expected} packs are in {data}: training without the rest.", flush=True)
    return data


def extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    target = folder / entry.name
    if not entry.isfile() or folder.resolve() not in target.resolve().parents:
        raise ValueError(f"Expected a pack of images but found {entry.name!r} in {archive.name}.")
    if target.exists() and target.stat().st_size == entry.size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(archive.extractfile(entry).read())
