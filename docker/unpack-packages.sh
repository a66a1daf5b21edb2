#!/bin/sh
# Unpacks Debian packages, with all that they depend on, into a folder.
#
#   unpack-packages.sh SUITE FOLDER PACKAGE…
#
# Needs neither root nor Docker. A shell and a few commands (busybox) are always there. The mirror is the one that this machine's apt uses;
# ORTHANC_DEBIAN_MIRROR names another where apt knows none. Packages are authenticated by apt
# with Debian's archive keyring.
set -eu

suite=$1
root=$2
shift 2

fail() {
  echo "unpack-packages: $*" >&2
  exit 1
}

for program in apt-get dpkg-deb; do
  command -v "$program" > /dev/null || fail "needs $program: a machine with Debian's package tools, or a Docker engine."
done

# apt itself reads sources.list, *.list and *.sources; the first plain Debian suite names the mirror.
mirror=${ORTHANC_DEBIAN_MIRROR:-$(apt-get update --print-uris 2> /dev/null | sed -nE \
  "s,^'([^']+)/dists/(sid|unstable|testing|stable|oldstable|bullseye|bookworm|trixie|forky)/.*,\1,p" | head -n 1)}
[ -n "$mirror" ] || fail "this machine's apt knows no Debian mirror. Set ORTHANC_DEBIAN_MIRROR to the URL of one."

keyring=
for candidate in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
  if [ -z "$keyring" ] && [ -r "$candidate" ]; then keyring=$candidate; fi
done
[ -n "$keyring" ] || fail "needs Debian's archive keyring: install the package debian-archive-keyring."

apt_home=$root.apt
rm -rf "$apt_home" "$root"
mkdir -p "$apt_home/lists/partial" "$apt_home/archives/partial" "$root"
: > "$apt_home/status"
echo "deb [signed-by=$keyring] $mirror $suite main" > "$apt_home/sources.list"

# An apt of its own: it neither sees nor touches what is installed on this machine.
own_apt() {
  apt-get -qq -o Dir::State="$apt_home" -o Dir::State::Lists="$apt_home/lists" \
    -o Dir::State::status="$apt_home/status" -o Dir::Cache="$apt_home" \
    -o Dir::Cache::archives="$apt_home/archives" -o Dir::Etc::sourcelist="$apt_home/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Dir::Log="$apt_home" \
    -o Dir::Etc::trustedparts=/dev/null -o APT::Sandbox::User= -o APT::Update::Post-Invoke::= \
    -o APT::Install-Recommends=false -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

own_apt update
own_apt install --yes --download-only busybox "$@" > "$apt_home/install.log"

# Debian merged /bin, /sbin and /lib into /usr; its packages rely on these links.
mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
for package in "$apt_home"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --extract --keep-directory-symlink --no-same-owner --directory "$root"
done

# What the packages' own scripts, which do not run here, would have made.
mkdir -p "$root/tmp" "$root/run" "$root/proc" "$root/sys" "$root/dev" "$root/etc"
chmod 1777 "$root/tmp"
echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"
for applet in sh env cat chown id kill ln ls mkdir ps sleep; do
  [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done
rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" "$root/usr/lib/systemd" "$apt_home"
