package remote

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
)

const (
	askFor   = 20 * time.Second // for a short script
	stallFor = 30 * time.Second // without progress of the upload
	maxPath  = 100              // bytes of a socket's path, which systems limit to 104 or 108
)

// place describes landfall's files on a host.
type place struct {
	root   string // of the cache; absolute
	binary string // path of the binary, installed or not
	there  bool   // it is installed, with the right checksum
	folder string // of the fleet's drivers
	used   bool   // it exists
}

// probe locates the files and computes the binary's checksum, with a tool of the system or with the binary
// itself. This detects damage and other versions. It does not protect against the host, which controls every
// answer.
const probe = `umask 077;
r=${XDG_CACHE_HOME:-$HOME/.cache}/landfall;
f=$r/bin/%[1]s/landfall; s=; u=;
if [ -x "$f" ]; then
  if command -v sha256sum >/dev/null 2>&1; then s=$(sha256sum <"$f");
  elif command -v shasum >/dev/null 2>&1; then s=$(shasum -a 256 <"$f");
  elif command -v sha256 >/dev/null 2>&1; then s=$(sha256 -q <"$f");
  else s=$("$f" fleet host --sum); fi;
fi;
[ -d "$r/fleets/%[2]s" ] && u=used;
printf '\nlandfall-place\t%%s\t%%s\t%%s\n' "$r" "${s%%%% *}" "$u"
`

// plainPath matches safe paths of a host's folder. On the operator's machine, ssh expands ${NAME} and %h in a
// socket's path.
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9._/-]+$`)

// find asks a host for its files.
func find(ctx context.Context, l *link, b Binary, folder string) (place, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, askFor, fmt.Errorf("did not report its cache folder within %s", askFor))
	defer cancel()
	out, err := l.run(ctx, nil, fmt.Sprintf(probe, b.Sum, folder))
	if err != nil {
		return place{}, err
	}
	for line := range strings.Lines(out) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(part) != 4 || part[0] != "landfall-place" {
			continue
		}
		root := part[1]
		if !plainPath.MatchString(root) {
			return place{}, &PermanentError{fmt.Errorf("its cache folder %q: must be an absolute path of letters, digits, dots, dashes and underscores", node.Clean(root, 200))}
		}
		return place{root: root, binary: path.Join(root, "bin", b.Sum, "landfall"), there: part[2] == b.Sum,
			folder: path.Join(root, "fleets", folder), used: part[3] != ""}, nil
	}
	return place{}, fmt.Errorf("its shell does not respond like a POSIX shell: %s", node.Clean(strings.TrimSpace(out), 120))
}

// receive installs the binary from standard input. An incomplete upload is never renamed into place.
const receive = `umask 077; d=%[1]s; t=$d/.new.$$;
mkdir -p "$d" && cat >"$t" && [ "$(wc -c <"$t")" -eq %[2]d ] && chmod 700 "$t" && mv -f "$t" "$d/landfall" && exit;
rm -f "$t"; exit 1
`

// copyTo copies the binary and reports progress in percent.
func copyTo(ctx context.Context, l *link, b Binary, p place, progress func(percent int)) error {
	f, err := os.Open(b.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	m := &meter{r: f, size: b.Size, progress: progress}
	m.stall = time.AfterFunc(stallFor, func() {
		cancel(fmt.Errorf("copying the binary stalled for %s at %d of %d bytes", stallFor, m.sent.Load(), b.Size))
	})
	defer m.stall.Stop()
	_, err = l.run(ctx, m, fmt.Sprintf(receive, hosts.Quote(path.Dir(p.binary)), b.Size))
	if err != nil {
		return fmt.Errorf("copy the binary: %w", err)
	}
	return nil
}

// meter counts the bytes read, and resets the stall timer.
type meter struct {
	r        io.Reader
	size     int64
	sent     atomic.Int64
	stall    *time.Timer
	progress func(percent int)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.stall.Reset(stallFor)
	m.progress(int(100 * m.sent.Add(int64(n)) / max(m.size, 1)))
	return n, err
}

// socketOf returns the path on the host where a broker's tunnel starts.
func (p place) socketOf(i int) string { return path.Join(p.folder, fmt.Sprint("k", i)) }

// tunnel forwards sockets on the host to brokers. It removes old sockets, which belong to a previous
// connection.
func tunnel(ctx context.Context, l *link, p place, brokers []string) error {
	if len(brokers) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, askFor, fmt.Errorf("--tunnel: not set up within %s", askFor))
	defer cancel()
	if longest := p.socketOf(len(brokers)); len(longest) > maxPath {
		return &PermanentError{fmt.Errorf("--tunnel: the path %s is too long for a socket", longest)}
	}
	if _, err := l.run(ctx, nil, fmt.Sprintf("umask 077; mkdir -p %[1]s && rm -f %[1]s/k[0-9]*", hosts.Quote(p.folder))); err != nil {
		return err
	}
	for i, broker := range brokers {
		if err := l.forward(ctx, p.socketOf(i), broker); err != nil {
			_, _ = l.run(ctx, nil, "rmdir "+hosts.Quote(p.folder, path.Dir(p.folder))+" 2>/dev/null; true") // if nothing was forwarded
			return err
		}
	}
	return nil
}
