// Package agent is the remote end of a fleet over SSH: `landfall fleet host` reads an order from the operator's side, starts,
// supervises and stops the drivers of its host, and reports their state.
package agent

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// maxOrder limits the line of an order, in bytes.
const maxOrder = 8 << 20

// Serve reads an order and executes it. It returns when that is done, or when in ends: the drivers keep
// running.
func Serve(in io.Reader, out io.Writer) error {
	r := bufio.NewReader(io.LimitReader(in, maxOrder))
	line, err := r.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	s := &server{out: json.NewEncoder(out)}
	if err := json.Unmarshal(line, &s.order); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	if err := s.check(); err != nil {
		return s.fail(err)
	}
	if _, err := io.WriteString(out, "\n"); err != nil { // the account's shell may have left an incomplete line
		return err
	}
	ctx := untilEOF(in)
	switch s.order.Do {
	case hosts.Keep:
		err = s.keep(ctx)
	case hosts.End:
		err = s.end() // completed even if the session ends
	case hosts.Look:
		err = s.look(ctx)
	case hosts.Follow:
		err = s.follow(ctx)
	default:
		err = fmt.Errorf("order %q: unknown", node.Clean(s.order.Do, 20))
	}
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return s.fail(err)
	}
	return s.say(hosts.Answer{Done: true})
}

// errOver means that the session has ended.
var errOver = errors.New("the session is over")

// untilEOF returns a context that ends when r does: the session that sent the order has ended.
func untilEOF(r io.Reader) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, r)
		cancel(errOver)
	}()
	return ctx
}

type server struct {
	order hosts.Order

	mu  sync.Mutex
	out *json.Encoder
}

// check refuses orders that reach outside the folder.
func (s *server) check() error {
	o := s.order
	if o.Schema != hosts.Schema {
		return fmt.Errorf("request schema %d: this version of landfall supports %d", o.Schema, hosts.Schema)
	}
	if !filepath.IsAbs(o.Root) || filepath.Base(o.Root) != "landfall" {
		return fmt.Errorf("root %q: must be an absolute path that ends in landfall", node.Clean(o.Root, 200))
	}
	names := []string{o.Folder}
	for _, d := range o.Drivers {
		names = append(names, d.Name)
	}
	for _, f := range o.Files {
		names = append(names, f.Name)
	}
	for _, n := range names {
		if n == "" || strings.HasPrefix(n, ".") || strings.ContainsAny(n, "/\\\x00") {
			return fmt.Errorf("name %q: must be one of a file", node.Clean(n, 80))
		}
	}
	return nil
}

func (s *server) folder() string { return filepath.Join(s.order.Root, "fleets", s.order.Folder) }

// drivers returns the folder of pid files and logs.
func (s *server) drivers() string { return filepath.Join(s.folder(), "drivers") }

func (s *server) say(a hosts.Answer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.Schema = hosts.Schema
	return s.out.Encode(a)
}

// fail reports an error to the other end, which exits with it.
func (s *server) fail(err error) error {
	return s.say(hosts.Answer{Error: node.Clean(err.Error(), 500), Done: true})
}

// within runs f while this process has exclusive access to the folder.
func (s *server) within(ctx context.Context, f func() error) error {
	unlock, err := lock(ctx, filepath.Join(s.folder(), "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	return f()
}
