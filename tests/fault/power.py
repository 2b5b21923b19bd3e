"""Cuts the power, as far as a process can: kills the daemon and takes from its
log files what it had not synced."""
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


class Power:
    """Of the daemon of a World, which has to be made before the daemon starts."""

    def __init__(self, it):
        self.world = it
        self.log = it.folder / "synced"
        shim = it.folder / "synced_shim.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "synced_shim.c", "-ldl"],
                       check=True)
        it.daemon.environment |= {"LD_PRELOAD": str(shim), "TOCSIN_SYNC_LOG": str(self.log)}
        self.bytes_lost = 0

    def cut(self):
        self.world.daemon.kill()
        synced = {}
        for line in self.log.read_text().splitlines():
            size, _, path = line.partition(" ")
            synced[path] = int(size)
        # The rest of RocksDB's files are synced before anything refers to them.
        for path in (self.world.daemon.folder / "data").rglob("*.log"):
            size = path.stat().st_size
            # In the middle of a page, as it may be: a sync that was under way.
            kept = synced.get(str(path), 0)
            if size > kept:
                self.bytes_lost += size - kept
                with open(path, "r+b") as file:
                    file.truncate(kept)
