#!/usr/bin/env bash
# debside.sh - put programs of a newer Debian suite beside the installed system.
#
#   debside.sh DEST SUITE PACKAGE...        e.g.  debside.sh .cache/nvim forky neovim
#
# Nothing is installed: a private apt state (own lists, empty dpkg status) works out the whole
# dependency closure, libc included; the archives are unpacked under DEST/root, and every program
# in usr/bin and usr/libexec gets that tree's own dynamic loader and library path written into it.
# The programs then run as ordinary processes (no chroot, no root, no LD_LIBRARY_PATH that would
# leak into children); their children use the system's own libraries.
#
# Needs: apt-get and dpkg-deb; patchelf comes from the same suite when the machine has none.
# DEST must stay where it is: the loader's path is absolute (run again after a move).
set -euo pipefail

[ $# -ge 3 ] || { echo "usage: debside.sh DEST SUITE PACKAGE..." >&2; exit 2; }
mkdir -p "$1"; dest=$(cd "$1" && pwd -P); suite=$2; shift 2
arch=$(dpkg --print-architecture)
stamp="$suite $arch $*"
# an already made tree for the same request is left alone
if [ -f "$dest/.done" ] && [ "$(head -1 "$dest/.done")" = "$stamp $dest" ]; then
  echo "debside: $dest is ready ($stamp)"; exit 0
fi

# the mirror that this machine already uses
mirror=${DEBSIDE_MIRROR:-$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
  sed -n -E 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p; s/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' |
  grep -E '/debian/?$' | sed -n 1p || true)}
[ -n "$mirror" ] || { echo "debside: no Debian mirror found in /etc/apt (set DEBSIDE_MIRROR)" >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

apt=$dest/apt
rm -rf "$dest/root" "$dest/.done"
mkdir -p "$apt"/{conf,prefs,state/lists/partial,cache/archives/partial} "$dest/root"
: > "$apt/status"                       # "nothing is installed": the closure is complete
echo "deb [signed-by=$keyring] $mirror $suite main" > "$apt/sources.list"
cat > "$apt/apt.conf" <<CONF
Dir::Etc "$apt/conf";
Dir::Etc::parts "/etc/apt/apt.conf.d";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "$apt/prefs";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Architecture "$arch";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "15";
Acquire::https::Timeout "15";
APT::Update::Error-Mode "any";
Debug::NoLocking "true";
Dpkg::Use-Pty "false";
CONF
export APT_CONFIG=$apt/apt.conf DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --download-only install "$@" $(command -v patchelf >/dev/null || echo patchelf)
for deb in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$dest/root"; done
versions=$(for deb in "$apt"/cache/archives/*.deb; do dpkg-deb -W --showformat='${Package} ${Version}\n' "$deb"; done)
unset APT_CONFIG
if [ -z "${DEBSIDE_KEEP_DEBS:-}" ]; then rm -rf "$apt"; fi

lib=$dest/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch 2>/dev/null || echo x86_64-linux-gnu)
loader=$(find "$lib" -maxdepth 1 -name 'ld-linux*.so.*' | sed -n 1p)
[ -n "$loader" ] || { echo "debside: the closure has no dynamic loader" >&2; exit 1; }

# patchelf: the machine's own, or the suite's, which runs through the suite's loader until then
if command -v patchelf >/dev/null; then pe() { patchelf "$@"; }
else pe() { "$loader" --library-path "$lib" "$dest/root/usr/bin/patchelf" "$@"; }; fi

# private library folders that the programs or libraries name as /usr/lib/... count from the tree
rpath=$lib
is_elf() { [ "$(head -c4 "$1" | tail -c3 | tr -d '\0')" = ELF ]; }
while IFS= read -r -d '' f; do
  is_elf "$f" || continue
  old=$(pe --print-rpath "$f" 2>/dev/null) || continue
  [ -n "$old" ] || continue
  for d in ${old//:/ }; do
    case $d in /*) case ":$rpath:" in *":$dest/root$d:"*) ;; *) rpath=$rpath:$dest/root$d ;; esac ;; esac
  done
  case $f in *.so|*.so.*) pe --remove-rpath "$f" ;; esac   # the program's own path decides
done < <(find "$dest/root/usr" -path '*/gconv' -prune -o -type f \( -perm -u+x -o -name '*.so*' \) -size +1k -print0)
n=0
while IFS= read -r -d '' f; do
  case ${f##*/} in *.so|*.so.*|patchelf) continue ;; esac  # libc.so.6 too can be run as a program
  is_elf "$f" && pe --print-interpreter "$f" >/dev/null 2>&1 || continue
  # DT_RPATH, not DT_RUNPATH: it also holds for the libraries' own needs and for dlopen
  pe --set-interpreter "$loader" --force-rpath --set-rpath "$rpath" "$f"
  n=$((n + 1))
done < <(find "$dest/root" -type f -perm -u+x -size +1k -print0)
# ggml loads its CPU back ends from a compiled-in folder or from the program's own: link them there
for f in "$lib"/ggml/backends*/*.so; do
  [ -e "$f" ] && ln -sf "$f" "$dest/root/usr/bin/"
done
[ "$n" -gt 0 ] || { echo "debside: no program was patched" >&2; exit 1; }
{ echo "$stamp $dest"; echo "$versions"; } > "$dest/.done"
echo "debside: $n program(s) of $suite in $dest/root/usr/bin"
