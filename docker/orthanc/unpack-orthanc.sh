#!/bin/sh
# Unpacks a real Orthanc, with all that it needs, from Debian packages into a folder.
#
#   unpack-orthanc.sh SUITE FOLDER
#
# Needs neither root nor Docker. The folder serves twice: as the root of a native process
# (started through its own dynamic loader) and, imported by the engine, as a container image.
set -eu

suite=$1
root=$2

/bin/sh "$(dirname "$0")/../unpack-packages.sh" "$suite" "$root" \
  orthanc orthanc-dicomweb orthanc-gdcm orthanc-postgresql orthanc-python python3-minimal \
  dcmtk libfaketime ca-certificates tzdata

# What the packages' own scripts, which do not run here, would have made.
mkdir -p "$root/var/lib/orthanc" "$root/etc/ssl/certs"
ln -sf /usr/share/zoneinfo/Etc/UTC "$root/etc/localtime"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt > "$root/etc/ssl/certs/ca-certificates.crt"
