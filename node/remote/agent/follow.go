package agent

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

const (
	followEvery = 250 * time.Millisecond
	maxBack     = 4 << 20 // maximum distance from the end of a log, in bytes
)

// follow sends the last lines of logs, and with On also new ones until the session ends.
func (s *server) follow(ctx context.Context) error {
	files := []string{daemon.FilesOf(s.drivers(), s.order.Driver).Log}
	if s.order.Driver == "" {
		files, _ = filepath.Glob(filepath.Join(s.drivers(), "*.log"))
		slices.Sort(files)
	}
	var logs []*log
	for _, path := range files {
		l := &log{name: strings.TrimSuffix(filepath.Base(path), ".log"), say: s.say}
		if err := l.open(path, s.order.Lines); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				err = fmt.Errorf("driver %q: has no log here", node.Clean(l.name, 64))
			}
			return err
		}
		defer l.file.Close()
		logs = append(logs, l)
	}
	if len(logs) == 0 {
		return errors.New("no driver of this fleet has run here")
	}
	for {
		for _, l := range logs {
			if err := l.read(); err != nil {
				return err
			}
		}
		if !s.order.On {
			return nil
		}
		select {
		case <-time.After(followEvery):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

type log struct {
	name string
	say  func(hosts.Answer) error
	file *os.File
	r    *bufio.Reader
	part []byte // an incomplete line
}

// open positions the log before its last lines.
func (l *log) open(path string, lines int) (err error) {
	if l.file, err = os.Open(path); err != nil {
		return err
	}
	size, err := l.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	from := max(size-maxBack, 0)
	data, err := io.ReadAll(io.NewSectionReader(l.file, from, size-from))
	if err != nil {
		return err
	}
	at := len(data)
	for n := 0; n <= lines && at >= 0; n++ {
		at = bytes.LastIndexByte(data[:max(at, 0)], '\n')
	}
	_, err = l.file.Seek(from+int64(at+1), io.SeekStart)
	l.r = bufio.NewReader(l.file)
	return err
}

// read sends what has been appended.
func (l *log) read() error {
	for {
		text, err := l.r.ReadBytes('\n')
		l.part = append(l.part, text...)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := l.say(hosts.Answer{Line: &hosts.Line{Driver: l.name, Text: strings.TrimRight(string(l.part), "\r\n")}}); err != nil {
			return err
		}
		l.part = l.part[:0]
	}
}
