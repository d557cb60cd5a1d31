"""What an interpreter says about itself: the words of markers, and where it keeps packages.

Also a program: `python -I facts.py` prints them as JSON, so that another interpreter can be asked.
"""

import importlib.util
import json
import os
import platform
import sys
import sysconfig


def facts() -> dict[str, str]:
    """Marker variables (PEP 508) by name, and `prefix`, `packages` (a folder) and `pip`."""
    return {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(map(str, sys.version_info[:2])),
        "sys_platform": sys.platform,
        "prefix": sys.prefix,
        "packages": sysconfig.get_path("purelib"),
        "pip": "yes" if importlib.util.find_spec("pip") else "",
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(facts()))
