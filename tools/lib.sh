# shellcheck shell=bash
# What the scripts beside this file share. Progress goes to stderr, results to stdout.

checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# Build servers would outlive a Ctrl-C: nothing that these scripts start stays running.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

step_log=
step_clock=

clean_up() {
    [[ -z $step_clock ]] || kill "$step_clock" 2>/dev/null || true
    [[ -z $step_log ]] || rm -f -- "$step_log"
}
trap clean_up EXIT
# A program that ends in order on Ctrl-C would otherwise let the script go on with its next step.
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# step TEXT COMMAND...: runs a command quietly, shows the time that passes, and shows its output only if it fails.
# The clock runs in the background and the command in front, where Ctrl-C reaches it.
step() {
    local text=$1 started=$SECONDS code=0
    shift
    step_log=$(mktemp)
    if [[ -t 2 ]]; then
        (while :; do printf '\r%s … %d s' "$text" "$((SECONDS - started))" >&2; sleep 1; done) &
        step_clock=$!
    else
        printf '%s …\n' "$text" >&2
    fi
    "$@" >"$step_log" 2>&1 </dev/null || code=$?
    if [[ -n $step_clock ]]; then
        kill "$step_clock" 2>/dev/null || true
        wait "$step_clock" 2>/dev/null || true
        step_clock=
        printf '\r' >&2
    fi
    if ((code != 0)); then
        printf '%s failed after %d s. It said:\n' "$text" "$((SECONDS - started))" >&2
        cat -- "$step_log" >&2
        exit 1
    fi
    printf '%s: %d s\n' "$text" "$((SECONDS - started))" >&2
    rm -f -- "$step_log"
    step_log=
}

# Daemons lie in sbin, which is not in an ordinary user's PATH.
has_command() { PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

has_postgresql() {
    local path version
    for path in /usr/lib/postgresql/*/bin/initdb; do
        version=${path#/usr/lib/postgresql/}
        [[ -x $path && ${version%%/*} -ge 15 ]] && return 0
    done
    return 1
}

has_libunbound() { compgen -G '/usr/lib/*/libunbound.so.8' >/dev/null || compgen -G '/usr/lib/libunbound.so.8' >/dev/null; }

has_icu() { compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null || compgen -G '/usr/lib/libicuuc.so.*' >/dev/null; }

# require_packages [tests]: installs what is missing, and asks for root only when something is.
require_packages() {
    has_command dotnet || fail \
        'The .NET SDK is not installed, or not in PATH; BlockList is built with it.' \
        'Install the .NET SDK 10 (https://learn.microsoft.com/dotnet/core/install/linux-debian) and start again.'

    local -a missing=()
    has_postgresql || missing+=(postgresql)
    has_command unbound || missing+=(unbound)
    has_command nsd || missing+=(nsd)
    # The checker asks DNS by it, and judges signatures by the keys of the root.
    has_libunbound || missing+=(libunbound8)
    [[ -s /usr/share/dns/root.key ]] || missing+=(dns-root-data)
    has_command setpriv && has_command setsid || missing+=(util-linux)
    has_command useradd || missing+=(passwd)
    # The build takes a pinned package of public suffix rules from npm.
    has_command node || missing+=(nodejs)
    has_command npm || missing+=(npm)
    if [[ ${1:-} == tests ]]; then
        has_command dig || missing+=(bind9-dnsutils)
        has_command named || missing+=(bind9)
        has_command dnssec-signzone || missing+=(bind9-utils)
        has_command dnsperf || missing+=(dnsperf)
        # The download endpoint is measured beside nginx, by ab.
        has_command nginx || missing+=(nginx-light)
        has_command ab || missing+=(apache2-utils)
        # A node behind a proxy, and what a judge of TLS says of it.
        has_command haproxy || missing+=(haproxy)
        has_command testssl || missing+=(testssl.sh)
        has_command curl || missing+=(curl)
        has_command idn2 || missing+=(idn2)
        has_command openssl || missing+=(openssl)
        has_command ssh-keygen || missing+=(openssh-client)
        has_command faketime || missing+=(faketime)
        [[ -x /usr/bin/time ]] || missing+=(time)
        has_command chromium || missing+=(chromium)
        # The agent's units and package are checked by Debian's own judges, in a system of their own.
        has_command systemd-analyze || missing+=(systemd)
        has_command lintian || missing+=(lintian)
        has_command mmdebstrap || missing+=(mmdebstrap)
        has_command protoc || missing+=(protobuf-compiler)
        # Mails are sent to a real server.
        [[ -d /usr/lib/python3/dist-packages/aiosmtpd ]] || missing+=(python3-aiosmtpd)
    fi
    has_icu || missing+=(icu)
    [[ -s /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

install_packages() {
    has_command apt-get || fail \
        "These Debian packages are needed and missing: $*" \
        'There is no apt-get here to install them with. Install them in the way of this machine and start again.'
    printf 'These Debian packages are needed and missing: %s\n' "$*" >&2

    local -a as_root=()
    if ((EUID != 0)); then
        has_command sudo || fail \
            'Installing them takes root, and there is no sudo here. Ask somebody who is root to run:' \
            "  $checkout/tools/install-packages $*"
        printf 'Installing them takes root; sudo asks for your password.\n' >&2
        as_root=(sudo)
        # Without a terminal there is nobody to answer.
        [[ -t 0 ]] || as_root+=(--non-interactive)
    fi
    "${as_root[@]}" "$checkout/tools/install-packages" "$@" >&2 || fail \
        'The packages could not be installed; what apt-get said stands above. Start again when that is solved.'
}

# build PATH: restores and builds with what only development builds have.
build() {
    step "Restoring and building $(basename -- "$1")" \
        dotnet build "$checkout/$1" -c Release -p:BlockListDevelopment=true -p:UseSharedCompilation=false -nodeReuse:false -v quiet -nologo
}

tools_program=$checkout/tools/BlockList.Tools/bin/Release/net10.0/blocklist-tools.dll

# The TUF client needs Node ^20.17 or >=22.9, and Debian 12 has 18; npm has Node as a package.
node_is_new_enough() {
    local major minor
    IFS=. read -r major minor _ < <(node --version 2>/dev/null | tr -d v) || return 1
    ((major > 22 || (major == 22 && minor >= 9) || (major == 20 && minor >= 17)))
}

install_interop() {
    local -a options=(--no-audit --no-fund)
    ! node_is_new_enough || options+=(--omit=optional)
    local stamp=$checkout/tools/interop/node_modules/.installed
    local wanted
    wanted="$(sha256sum <"$checkout/tools/interop/package-lock.json") ${options[*]}"
    [[ -f $stamp && $(<"$stamp") == "$wanted" ]] && return
    step 'Installing the TUF client of the interoperability tests' npm --prefix "$checkout/tools/interop" ci "${options[@]}"
    printf '%s\n' "$wanted" >"$stamp"
}
