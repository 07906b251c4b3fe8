#!/usr/bin/env bash
# screenshots.sh [DIR]: the pictures of the README and the documentation, from real runs: an embedded broker, the shop of
# landfall target and five drivers on this machine, and the console in a terminal of tmux. Needs tmux and Go; takes about six minutes.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/tui/screenshots}
work=$(mktemp -d)
socket=$work/tmux
pids=()
end() {
  tmux -S "$socket" kill-server 2>/dev/null || true
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
(cd "$root" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/landfall" . && go build -o "$work/svg" ./tui/screenshots)
mkdir -p "$out"
mkdir "$work/home"
export HOME=$work/home XDG_DATA_HOME=$work/home XDG_CONFIG_HOME=$work/home TZ=UTC

port() { # of what logs that it listens
  for _ in $(seq 100); do
    p=$(grep -oE '127\.0\.0\.1:[0-9]+' "$1" | head -1 | cut -d: -f2) && [ -n "$p" ] && { echo "$p"; return; }
    sleep 0.1
  done
  echo "no port in $1" >&2; cat "$1" >&2; exit 1
}
cd "$work"
./landfall broker --listen 127.0.0.1:0 >broker.log 2>&1 & pids+=($!)
./landfall target --listen 127.0.0.1:0 --capacity 600 --service-sigma 0.6 >target.log 2>&1 & pids+=($!)
broker=127.0.0.1:$(port broker.log) shop=http://127.0.0.1:$(port target.log)
driver() { ./landfall driver --brokers "$broker" --name "drv-$1" --label "zone=eu-$((1 + $1 % 2))" >"drv-$1.log" 2>&1 & pids+=($!); }
for i in 1 2 3 4 5; do driver "$i"; done
cat >shop.yaml <<YAML
target: $shop
users: 60
duration: 90s
csv: |
  user,password
  user1,secret1
  user2,secret2
scenarios:
  - name: buyer
    steps:
      - {name: login, post: /login, json: {user: "{{csv.user}}", password: "{{csv.password}}"}, extract: {token: {json: \$.token}}, checks: [{status: 200}]}
      - think: 100ms..300ms
      - repeat: 2
        steps:
          - {name: item, get: "/items/{{int 1 500}}", checks: [{status: 2xx, max_latency: 2s}]}
      - {name: form, get: /cart/form, extract: {csrf: {regex: 'name="csrf" value="([^"]+)"'}}}
      - {name: cart, post: /cart, form: {csrf: "{{csrf}}", item: "{{int 1 500}}", quantity: "1"}}
      - {name: checkout, post: /checkout, auth: {bearer: "{{token}}"}, checks: [{status: "303"}]}
thresholds: ["checks>99%", "p99{step=login}<1s", "failed<1%"]
YAML

t() { tmux -S "$socket" "$@"; }
start() { # columns rows
  t -f /dev/null new-session -d -s console -x "$1" -y "$2" "cd $work; COLORTERM=truecolor TERM=xterm-256color exec ./landfall console --brokers $broker"
  t set-option -ga terminal-overrides ',*:Tc' >/dev/null
}
shot() { t capture-pane -epN | "$work/svg" -cols "${2:-120}" "${@:3}" >"$out/$1.svg"; echo "$out/$1.svg"; }
keys() { t send-keys "$@"; sleep 0.4; }
type_() { t send-keys -l "$1"; sleep 0.4; }
shows() { # text [tenths of a second]: waits until the screen shows it
  for _ in $(seq "${2:-300}"); do t capture-pane -p | grep -q -- "$1" && return; sleep 0.1; done
  echo "this never appeared: $1" >&2; t capture-pane -p >&2; exit 1
}
size() { t resize-window -x "$1" -y "$2"; sleep 1.2; }
field() { for _ in $(seq "$1"); do t send-keys Down; done; sleep 0.3; keys C-u; type_ "$2"; } # goes that many fields down

# A run of the shop's scenario in which a driver is killed.
start 120 40
shows '5 drivers'
shows 'drv-5'
shot idle
keys T; keys C-o; type_ shop.yaml; keys Enter; shows 'shop.yaml loaded'
shot form
keys Enter; shows 'Trigger this'; sleep 0.3; keys y
shows 'RUN 00:25' 600
keys Home; keys Down; keys x; shows 'Shut down 1 driver'; sleep 0.3; keys K
shows 'RUN 00:48' 600
shot running
size 200 60; shot running-large 200
size 80 24; shot running-small 80
size 120 40
type_ ':theme light'; keys Enter; sleep 1
shot running-light 120 -fore '#1f2328' -back '#fbfbf8'
type_ ':theme dark'; keys Enter
shows 'PASSED\|FAILED\|FINISHED' 900
sleep 1; shot verdict
keys r; shows 'Report of'; shot report
keys Escape; sleep 0.5

# A search for the capacity.
keys C; keys C-u; type_ "$shop/ping"
field 4 'p99<250ms failed<0.1%'
field 1 50
field 1 1k
field 1 4s
shows 'p99<250ms failed<0.1%'; shows 'Search from 50/s to 1k/s'
keys Enter; shows 'Trigger this capacity search'; sleep 0.3; keys y
shows 'bisecting\|confirming\|overload\|ended' 1500
sleep 6; shot capacity
keys S; sleep 1; keys y; sleep 4 # if it has not ended
keys 4; sleep 1; shot history
keys q; sleep 2
driver 2
sleep 2

# The recording: compose, trigger, kill a driver, verdict.
start 110 32
shows '5 drivers'
film() { while t has-session 2>/dev/null; do printf '\f'; t capture-pane -epN || return 0; sleep 0.5; done >"$work/film"; }
film 2>/dev/null & filming=$!
sleep 1; keys T; sleep 1
keys C-r; keys C-u; type_ "$shop/ping"; sleep 0.5
field 4 300; sleep 0.5
field 3 30s; sleep 0.5
field 8 'p99<500ms failed<1%'; sleep 1
keys Enter; shows 'Trigger this'; sleep 1; keys y
shows 'RUN 00:10' 600
keys Home; keys Down; sleep 0.6; keys x; shows 'Shut down 1 driver'; sleep 1; keys K
shows 'PASSED\|FAILED\|FINISHED' 900
sleep 4
keys q; wait "$filming" || true
"$work/svg" -cols 110 <"$work/film" >"$out/recording.svg"
echo "$out/recording.svg"
