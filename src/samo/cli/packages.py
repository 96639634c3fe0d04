"""How this system installs what is missing."""

import platform
import sys

_INSTALLERS = {
    "alpine": "apk add",
    "arch": "pacman -S",
    "debian": "apt-get install",
    "fedora": "dnf install",
    "rhel": "dnf install",
    "suse": "zypper install",
    "ubuntu": "apt-get install",
}


def installing(package: str) -> str:
    """Return the command for a package that all systems call the same."""
    if sys.platform == "darwin":
        return f"brew install {package}"
    for name in _system_names():
        if name in _INSTALLERS:
            return f"{_INSTALLERS[name]} {package}"
    return f"install {package}"


def _system_names() -> list[str]:
    """Return what /etc/os-release calls this system, and those that it is like."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return []
    return [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
