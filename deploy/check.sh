#!/bin/sh
# `make deploy-check`: builds in a clean folder, and lets each tool that is installed look at its own file.
#
# What is not installed is named, and is a failure: apt-get install caddy nginx-light systemd docker-compose openssl
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missing=0

step() { printf '%-10s' "$1"; }
lacks() { echo "NOT RUN: $1 is not installed."; missing=1; }

step build
"$here/build.sh" "$here/.." "$work/kawaraban"

step site
mkdir "$work/site"
KAWARABAN_HOME=$work/site "$work/kawaraban/bin/kawaraban" init --name "The Courier" >/dev/null
KAWARABAN_HOME=$work/site "$work/kawaraban/bin/kawaraban" doctor >"$work/doctor" || grep -v "^ok" "$work/doctor"
echo "made by what was built"

step systemd
if command -v systemd-analyze >/dev/null; then
    mkdir "$work/units"
    for unit in "$here"/systemd/*.service; do
        sed "s,/opt/kawaraban/,$work/kawaraban/,; s,=/srv/site,=$work/site,; s,=kawaraban$,=daemon," \
            "$unit" >"$work/units/$(basename "$unit")"
    done
    systemd-analyze verify --man=no "$work"/units/*.service
    for unit in "$work"/units/*.service; do
        systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" | tail -n 1 | sed 's/^[^A-Za-z]*//'
    done
else
    lacks systemd-analyze
fi

step caddy
if command -v caddy >/dev/null; then
    SITE_HOST=courier.example SITE_UPSTREAM=127.0.0.1:8000 XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work \
        caddy validate --config "$here/Caddyfile" --adapter caddyfile 2>&1 | tail -n 1
else
    lacks caddy
fi

step nginx
if command -v nginx >/dev/null && command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=courier.example \
        -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
    for cache in "#" ""; do
        sed "s,/etc/ssl/courier.pem,$work/cert.pem,; s,/etc/ssl/courier.key,$work/key.pem,; s,# include /etc/nginx/,$cache include $here/nginx/," \
            "$here/nginx/kawaraban.conf" >"$work/site.conf"
        {
            echo "pid $work/pid; error_log stderr; events {} http {"
            sed -n 's/^#   \(proxy_cache_path\|map\)/\1/p' "$here/nginx/kawaraban-cache.conf" |
                sed "s,/var/cache/nginx,$work,"
            echo "include $work/site.conf; }"
        } >"$work/nginx.conf"
        nginx -t -q -c "$work/nginx.conf" -e stderr
    done
    echo "both with and without its cache"
else
    lacks "nginx or openssl"
fi

step compose
compose=""
if docker compose version >/dev/null 2>&1; then compose="docker compose"; fi
if [ -z "$compose" ] && command -v docker-compose >/dev/null; then compose=docker-compose; fi
if [ -n "$compose" ]; then
    mkdir "$work/deploy"
    cp "$here/compose.yaml" "$here/Caddyfile" "$work/deploy/"
    echo "KAWARABAN_SECRET_KEY=x" >"$work/deploy/site.env"
    SITE_HOST=courier.example POSTGRES_PASSWORD=x $compose --file "$work/deploy/compose.yaml" config >/dev/null
    echo "understood by $($compose version | head -n 1)"
else
    lacks "docker compose"
fi

exit $missing
