"""How the reps look: a few named parts each, drawn by ``portrait.html``."""

from __future__ import annotations

from typing import Literal

from coach.content.places import Places
from coach.content.yaml_forms import read_yaml
from coach.domain import Frozen

PORTRAITS = "knowledge/portraits"
DEFAULT = "default"
Cloth = Literal[
    "teal", "forest", "navy", "plum", "sand", "rust", "slate", "charcoal", "sky", "moss", "wine", "white"
]  # fmt: skip
HairColour = Literal[
    "black", "dark-brown", "brown", "chestnut", "auburn", "blond", "grey", "grey-brown", "silver"
]  # fmt: skip


class Look(Frozen):
    """What a rep looks like; how they feel changes brows, eyes, mouth and shoulders."""

    skin: Literal["pale", "fair", "warm", "olive", "tan", "brown", "deep"]
    hair: Literal[
        "bob", "swept-bob", "long", "wavy", "ponytail", "braided-bun", "side-part", "crop", "quiff", "curls",
        "receding", "thin",
    ]  # fmt: skip
    hair_colour: HairColour
    age: Literal["young", "middle", "older"]
    eyes: Literal["brown", "blue", "green", "grey"] = "brown"
    face: Literal["slim", "medium", "broad"] = "medium"
    brows: Literal["fine", "strong"] = "fine"
    wear: Literal["jacket", "suit", "shirt", "cardigan", "jumper", "vest", "zip"]
    cloth: Cloth
    under: Cloth = "white"
    tie: Cloth = "wine"
    extras: tuple[
        Literal[
            "glasses", "moustache", "beard", "stubble", "sideburns", "freckles", "ruddy", "earrings", "necklace",
            "pearls",
        ],
        ...,
    ] = ()  # fmt: skip
    ground: Literal["teal", "sand", "sky", "rose", "stone", "sage", "lilac"] = "stone"


def load_looks(places: Places) -> dict[str, Look]:
    """Looks by scenario id; ``default`` is for scenarios that have none, such as one's own.

    Raises:
        ConfigError: naming the file and the line that cannot be used.
    """
    return {path.stem: read_yaml(path, Look) for path in places.files(PORTRAITS, "*.yaml")}
