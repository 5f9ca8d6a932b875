# Sourced by ./sluice, ./test and .ci/run: finds a .NET SDK that global.json accepts, or installs one into the checkout.
# Expects $root, the checkout. Sets $dotnet (the command) and $dotnet_root (where its runtimes lie).

install_script_url=https://dot.net/v1/dotnet-install.sh

say() { printf '%s\n' "$*" >&2; }
die() { say "sluice: $*"; exit 1; }

# NuGet and the SDK write below HOME; containers and service accounts often have none. Never touches HOME of what is run later.
settle_home() {
  if [ -z "${HOME:-}" ] || ! [ -w "$HOME" ]; then
    export HOME="$root/artifacts/home"
    mkdir -p "$HOME" || die "no writable HOME and none can be made at $HOME: set HOME to a folder that can be written"
  fi
  export DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-$HOME}"
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=0
  # A bare machine has no ICU, and nothing here needs it.
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  # Build servers would outlive us and hold our output streams open.
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
}

# True where the command is an SDK that global.json accepts; run in the checkout, where the SDK itself reads that file.
accepts() { (cd "$root" && case "$("$1" --version 2>/dev/null)" in 10.*) true ;; *) false ;; esac) }

fetch() {
  if command -v curl >/dev/null; then curl -fsSL --retry 3 "$1" -o "$2"
  elif command -v wget >/dev/null; then wget -q "$1" -O "$2"
  else die "no .NET 10 SDK found, and neither curl nor wget to fetch one: install one of the three (on Debian: apt-get install curl)"
  fi
}

install_dotnet() {
  say "installing the .NET 10 SDK into .dotnet …"
  local script="$root/.dotnet/dotnet-install.sh"
  mkdir -p "$root/.dotnet"
  fetch "$install_script_url" "$script" ||
    die "no .NET 10 SDK found and $install_script_url cannot be fetched: install the SDK (https://dotnet.microsoft.com) or check the network"
  bash "$script" --channel 10.0 --install-dir "$root/.dotnet" --no-path >"$root/.dotnet/install.log" 2>&1 ||
    { cat "$root/.dotnet/install.log" >&2; die "Microsoft's install script failed (above): install the .NET 10 SDK by hand"; }
  accepts "$root/.dotnet/dotnet" ||
    die "the SDK just installed into .dotnet does not run here: see https://aka.ms/dotnet-missing-libs for the libraries it needs"
}

find_dotnet() {
  if accepts dotnet; then
    dotnet=dotnet
  else
    dotnet="$root/.dotnet/dotnet"
    accepts "$dotnet" || install_dotnet
  fi
  # Asked, not derived from the path: dotnet on PATH may be a wrapper.
  dotnet_root=$("$dotnet" --list-runtimes | sed -n 's|^Microsoft\.NETCore\.App 10\..*\[\(.*\)/shared/Microsoft\.NETCore\.App\]$|\1|p' | head -n 1)
  [ -n "$dotnet_root" ] || die "$dotnet has an SDK but no .NET 10 runtime: reinstall it"
}
