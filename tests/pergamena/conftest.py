from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys import encrypted_files
from pergamena.services import PORTS
from pergamena.world import World, free_ports


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A prepared world on free ports, whose key files cost little to open."""
    usual = dict(encrypted_files.save.__kwdefaults__ or {})
    encrypted_files.save.__kwdefaults__ = usual | {"cost": 2**14}
    try:
        made = World.at(Path(tmp_path_factory.mktemp("world")), ports=free_ports(tuple(PORTS)))
        made.prepare(now=datetime.now(UTC))
    finally:
        encrypted_files.save.__kwdefaults__ = usual
    return made
