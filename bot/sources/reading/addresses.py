"""Web addresses as exports write them: relative to a site, without a scheme, or as a DOI."""

import re
from typing import Final
from urllib.parse import urljoin

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOI: Final = re.compile(r"(?:^|/|doi:\s*)(10\.\d{4,9}/\S+)\Z", re.IGNORECASE)


def absolute(address: str | None, base: str | None = None) -> str | None:
    """Return an address in full, or None when it is empty, or relative to a site that is not known.

    One with another scheme comes back as it is: whoever checks links can say that it leads nowhere.

    Args:
        address: as the file has it.
        base: the address to which the file's relative ones belong.
    """
    bare = (address or "").strip()
    if not bare or _SCHEME.match(bare):
        return bare or None
    if bare.startswith("//"):
        return f"https:{bare}"
    if bare.casefold().startswith("www."):
        return f"https://{bare}"
    if not base:
        return None
    try:
        return urljoin(base, bare)
    except ValueError:
        return None


def doi_address(text: str | None) -> str | None:
    """Return the address at doi.org of a DOI that is written alone or in any address, or None where there is none."""
    match = _DOI.search((text or "").strip())
    return f"https://doi.org/{match[1]}" if match else None
