#!/usr/bin/env bash
# screenshots.sh [DIR]: the pictures of the README, from real demos: broker, target and three drivers on this machine,
# and the console in a terminal of tmux. Needs tmux and Go. Takes about three minutes.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/tui/screenshots}
work=$(mktemp -d)
socket=$work/tmux
trap 'tmux -S "$socket" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT
(cd "$root" && go build -o "$work/landfall" . && go build -o "$work/svg" ./tui/screenshots)
mkdir -p "$out"

t() { tmux -S "$socket" "$@"; }
start() { # columns rows command...
  t -f /dev/null new-session -d -s "$1x$2" -x "$1" -y "$2" "cd $work; COLORTERM=truecolor TERM=xterm-256color HOME=$work XDG_DATA_HOME=$work $3"
  t set-option -ga terminal-overrides ',*:Tc' >/dev/null
}
shot() { t capture-pane -epN | "$work/svg" -cols "${2:-120}" "${@:3}" >"$out/$1.svg"; echo "$out/$1.svg"; }
keys() { t send-keys "$@"; sleep 0.4; }
shows() { # waits until the screen shows a text
  for _ in $(seq 300); do t capture-pane -p | grep -q -- "$1" && return; sleep 0.1; done
  echo "this never appeared: $1" >&2; t capture-pane -p >&2; exit 1
}

start 120 40 "$work/landfall demo"
shows 'demo-3 .* idle'
shot idle
keys T
keys Down Down Down Down C-u; keys -l 2k
keys Down Down Down C-u; keys -l 2m
shot form
keys Enter; shows 'Trigger this'; keys y
shows 'RUN 00:12'
keys -l ++; sleep 8
keys Down; keys x; shows 'End 1 driver'; keys k
sleep 14
shot running
t resize-window -x 200 -y 60; sleep 1
shot running-large 200
t resize-window -x 80 -y 24; sleep 1
shot running-small 80
t resize-window -x 120 -y 40; sleep 1
keys -l ':theme light'; keys Enter; sleep 6
shot running-light 120 -fore '#1f2328' -back '#fbfbf8'
keys -l ':theme dark'; keys Enter
keys S; shows 'Stop the run'; keys y
shows INTERRUPTED
keys r; shows 'Report of'; shot report
keys Escape; sleep 1; keys q
sleep 4

# The recording: compose, trigger, kill a driver, stop.
start 110 32 "$work/landfall demo"
shows 'demo-3 .* idle'
film() { while t has-session 2>/dev/null; do printf '\f'; t capture-pane -epN || return 0; sleep 0.5; done >"$work/film"; }
film 2>/dev/null &
keys T; sleep 1
keys Down Down Down Down C-u; keys -l 5k; sleep 1
keys Down Down Down C-u; keys -l 2m; sleep 1
keys Enter; shows 'Trigger this'; sleep 1; keys y
shows 'RUN 00:08'
keys Down; sleep 1; keys x; shows 'End 1 driver'; sleep 1; keys k
sleep 11
keys S; shows 'Stop the run'; sleep 1; keys y
shows INTERRUPTED; sleep 2
keys q; wait
"$work/svg" -cols 110 <"$work/film" >"$out/recording.svg"
echo "$out/recording.svg"
