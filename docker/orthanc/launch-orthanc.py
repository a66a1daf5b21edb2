"""Writes Orthanc's configuration from the environment, then becomes Orthanc.

Reads what the public image orthancteam/orthanc reads, so that one environment serves both:
ORTHANC_JSON (a whole configuration), ORTHANC__SECTION__KEY (one value, JSON or plain text),
and XXX_PLUGIN_ENABLED. A variable ORTHANC__… wins over ORTHANC_JSON.

ORTHANC_ROOT is the folder that the Debian packages were unpacked into: "/" in a container,
elsewhere Orthanc is started through that folder's own dynamic loader. ORTHANC_RUN_FOLDER is
where the configuration is written.
"""

import glob
import json
import os
import sys

# Names whose capitals do not follow from the variable's words.
UNUSUAL_NAMES = {
    "CASE_SENSITIVE_PN": "CaseSensitivePN",
    "HTTPS_CA_CERTIFICATES": "HttpsCACertificates",
    "STORE_MD5_FOR_ATTACHMENTS": "StoreMD5ForAttachments",
    "POSTGRESQL": "PostgreSQL",
    "MYSQL": "MySQL",
}

# section or root setting that enables it -> (variable that enables it, libraries, defaults of its section)
PLUGINS = {
    "DicomWeb": ("DICOM_WEB_PLUGIN_ENABLED", ["libOrthancDicomWeb.so"], {"Enable": True}),
    "PythonScript": ("PYTHON_PLUGIN_ENABLED", ["libOrthancPython.so"], None),
    "PostgreSQL": (
        "POSTGRESQL_PLUGIN_ENABLED",
        ["libOrthancPostgreSQLIndex.so", "libOrthancPostgreSQLStorage.so"],
        {"EnableIndex": True, "EnableStorage": False, "EnableSsl": False, "Lock": False},
    ),
    "Worklists": (
        "WORKLISTS_PLUGIN_ENABLED",
        ["libModalityWorklists.so"],
        {"Enable": True, "Database": "/var/lib/orthanc/worklists"},
    ),
    "Housekeeper": ("HOUSEKEEPER_PLUGIN_ENABLED", ["libHousekeeper.so"], {"Enable": True}),
    "DelayedDeletion": ("DELAYED_DELETION_PLUGIN_ENABLED", ["libDelayedDeletion.so"], {"Enable": True}),
    "MultitenantDicom": ("MULTITENANT_DICOM_PLUGIN_ENABLED", ["libMultitenantDicom.so"], None),
    "ServeFolders": ("SERVE_FOLDERS_PLUGIN_ENABLED", ["libServeFolders.so"], None),
}


def setting_name(words):
    """DICOM_WEB -> DicomWeb"""
    return UNUSUAL_NAMES.get(words) or "".join(word.capitalize() for word in words.split("_"))


def value_of(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def merge(into, added):
    for key, value in added.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def read_environment(environment):
    configuration = json.loads(environment.get("ORTHANC_JSON") or "{}")
    for variable in sorted(name for name in environment if name.startswith("ORTHANC__")):
        addition = value_of(environment[variable])
        for words in reversed(variable[len("ORTHANC__"):].split("__")):
            addition = {setting_name(words): addition}
        merge(configuration, addition)
    return configuration


def choose_plugins(configuration, environment, root):
    chosen = ["libOrthancGdcm.so"] if environment.get("GDCM_PLUGIN_ENABLED") != "false" else []
    for section, (variable, libraries, defaults) in PLUGINS.items():
        wish = environment.get(variable)
        if wish == "false" or (wish is None and section not in configuration):
            continue
        chosen += libraries
        if defaults is not None:
            configuration[section] = {**defaults, **configuration.get(section, {})}
    return [os.path.join(root, "usr/share/orthanc/plugins", library) for library in chosen]


def write_configuration(environment, root, run_folder):
    configuration = read_environment(environment)
    plugins = choose_plugins(configuration, environment, root)
    defaults = {
        "StorageDirectory": "/var/lib/orthanc/db",
        "RemoteAccessAllowed": True,
        "AuthenticationEnabled": True,
        "HttpsCACertificates": os.path.join(root, "etc/ssl/certs/ca-certificates.crt"),
        "Locale": "C.UTF-8",
        "Plugins": plugins,
    }
    path = os.path.join(run_folder, "orthanc.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**defaults, **configuration}, file, indent=2)
    return path


def orthanc_environment(environment, root):
    dictionaries = [os.path.join(root, "usr/share/dcmtk", name) for name in ("dicom.dic", "private.dic")]
    added = {"DCMDICTPATH": ":".join(dictionaries)}
    if root != "/":
        added["LOCPATH"] = os.path.join(root, "usr/lib/locale")
        added["PYTHONHOME"] = os.path.join(root, "usr")
    # DCMTK stalls about 90 ms per C-STORE without it.
    return {"TCP_NODELAY": "1", **environment, **added}


def one_of(pattern):
    return next(iter(sorted(glob.glob(pattern))), None)


def command(environment, root, arguments):
    """Orthanc's command line, with a moved clock when FAKETIME says so."""
    orthanc = [os.path.join(root, "usr/sbin/Orthanc"), *arguments]
    moved_clock = one_of(os.path.join(root, "usr/lib/*/faketime/libfaketime.so.1")) if environment.get("FAKETIME") else None
    libraries = [one_of(os.path.join(root, "usr/lib/*-linux-gnu")) or "", os.path.join(root, "usr/lib")]
    loader = one_of(os.path.join(libraries[0], "ld-linux-*.so.*"))
    preload = ["--preload", moved_clock] if moved_clock else []
    if root == "/" and not moved_clock:
        return orthanc
    return [loader, *preload, "--library-path", ":".join(libraries), *orthanc]


def main(arguments):
    environment = dict(os.environ)
    root = environment.get("ORTHANC_ROOT", "/")
    configuration = write_configuration(environment, root, environment.get("ORTHANC_RUN_FOLDER", "/tmp"))
    words = command(environment, root, [configuration, *arguments])
    os.execve(words[0], words, orthanc_environment(environment, root))


if __name__ == "__main__":
    main(sys.argv[1:])
