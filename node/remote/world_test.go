//go:build unix

package remote

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

// fakeSSH replaces ssh: it runs scripts with the host's home. A file next to that home makes it fail as its
// name says. Each call appends a line to calls.
const fakeSSH = `#!/bin/sh
base=%[1]s
printf '%%s\n' "$*" >>$base/calls
master= socket= forward=
while [ $# -gt 0 ]; do
  case $1 in
  -M) master=1 ;;
  -S) socket=$2; shift ;;
  -R) forward=$2; shift ;;
  -F|-o|-O|-p|-l) shift ;;
  --) shift; break ;;
  esac
  shift
done
host=$1 script=$2
if [ "$master" ]; then
  echo $host >$socket
  if [ -f $base/$host.hangs ]; then exec sleep 60; fi
  if [ -f $base/$host.wrong ]; then cat $base/$host.wrong >&2; exit 255; fi
else
  host=$(cat $socket)
  if [ "$forward" ]; then [ ! -f $base/$host.forwards-nothing ]; exit; fi
fi
export HOME=$base/$host PATH=$base/$host.bin:$PATH
unset XDG_CACHE_HOME
mkdir -p $HOME
if [ -d $base/$host.only ]; then PATH=$base/$host.only; fi
echo 'Welcome to the machine'
exec sh -c "$script"
`

// fakeBinary replaces this program on a host: it reports running drivers until it is told to end.
const fakeBinary = `#!/bin/sh
read -r order
folder=${order#*\"folder\":\"}; folder=$HOME/.cache/landfall/fleets/${folder%%\"*}
case $order in
*\"do\":\"keep\"*) mkdir -p $folder; echo '{"schema":1,"drivers":[{"name":"a","pid":7,"joined":true}]}'; cat >/dev/null ;;
*\"do\":\"look\"*) echo '{"schema":1,"drivers":[{"name":"a","pid":7,"joined":true}]}'; echo '{"schema":1,"done":true}' ;;
*\"do\":\"end\"*) rm -r $folder; echo '{"schema":1,"done":true}' ;;
esac
`

// world is a folder of hosts behind a fake ssh.
type world struct {
	t   *testing.T
	dir string
}

func newWorld(t *testing.T) *world {
	w := &world{t, t.TempDir()}
	w.write("ssh", fmt.Sprintf(fakeSSH, w.dir))
	w.write("landfall", fakeBinary)
	return w
}

func (w *world) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fleet(names ...string) *Fleet {
	w.t.Helper()
	var list []hosts.Host
	for _, n := range names {
		list = append(list, hosts.Host{Address: n})
	}
	list, err := hosts.Complete(list, hosts.Host{})
	if err != nil {
		w.t.Fatal(err)
	}
	f, err := New(Config{Hosts: list, SSH: SSH{Command: filepath.Join(w.dir, "ssh")}, Self: filepath.Join(w.dir, "landfall")})
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// binary returns the path of the fake binary on a host.
func (w *world) binary(host string) string {
	sum, err := Checksum(filepath.Join(w.dir, "landfall"))
	if err != nil {
		w.t.Fatal(err)
	}
	return filepath.Join(w.dir, host, ".cache/landfall/bin", sum, "landfall")
}

// await waits until every host is in a phase.
func await(t *testing.T, f *Fleet, phase hosts.Phase) {
	t.Helper()
	changed, cancel := f.Subscribe()
	defer cancel()
	limit := time.After(30 * time.Second)
	for slices.ContainsFunc(f.States(), func(s hosts.State) bool { return s.Phase != phase }) {
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("not all %s: %+v", phase, f.States())
		}
	}
}

// bring starts a fleet; the returned function stops it and returns the errors of Up and Down.
func bring(t *testing.T, f *Fleet) (down func() (up, down error)) {
	t.Helper()
	up := make(chan error, 1)
	go func() { up <- f.Up(context.Background()) }()
	await(t, f, hosts.Up)
	return func() (error, error) {
		err := f.Down(context.Background(), false)
		return <-up, err
	}
}
