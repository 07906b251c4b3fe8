package remote

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"landfall/node/remote/hosts"
)

const (
	silence = 15 * time.Second // timeout of the remote end, which sends a heartbeat every 2 s
	maxLine = 1 << 20
)

// session is an order in execution at the remote end. It ends when its input does.
type session struct {
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stderr  *tail
	answers chan hosts.Answer // closed at the end
	link    *link
	err     error // valid once answers is closed
}

// begin sends an order. The session ends with ctx at the latest.
func begin(ctx context.Context, l *link, p place, o hosts.Order) (*session, error) {
	o.Schema, o.Root = hosts.Schema, p.root
	line, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	s := &session{link: l, answers: make(chan hosts.Answer)}
	s.cmd, s.stderr = l.command(ctx, "exec "+hosts.Quote(p.binary)+" fleet host")
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.read(ctx, out)
	if _, err := s.stdin.Write(append(line, '\n')); err != nil {
		s.close()
		return nil, l.broken(s.stderr, err)
	}
	return s, nil
}

func (s *session) read(ctx context.Context, out io.Reader) {
	defer close(s.answers)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		a, ok, err := hosts.ReadAnswer(lines.Bytes())
		if err != nil {
			s.err = &PermanentError{err}
			break
		}
		if !ok {
			continue
		}
		select {
		case s.answers <- a:
		case <-ctx.Done():
		}
	}
	_, _ = io.Copy(io.Discard, out)
	if err := s.cmd.Wait(); s.err == nil && err != nil {
		s.err = s.link.broken(s.stderr, err)
	}
}

// close ends the session and waits for it; the remote end leaves the drivers running.
func (s *session) close() {
	s.stdin.Close()
	kill := time.AfterFunc(2*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	for range s.answers {
	}
}

// ask sends an order and returns its last answer. within limits the wait for each answer.
func ask(ctx context.Context, l *link, p place, o hosts.Order, within time.Duration, received func(hosts.Answer)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := begin(ctx, l, p, o)
	if err != nil {
		return err
	}
	defer s.close()
	limit := time.NewTimer(within)
	defer limit.Stop()
	for {
		select {
		case a, ok := <-s.answers:
			if !ok {
				return s.ended()
			}
			received(a)
			if a.Done {
				return refusal(a)
			}
			limit.Reset(within)
		case <-limit.C:
			return fmt.Errorf("no answer within %s", within)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// ended returns why a session ended early.
func (s *session) ended() error {
	if s.err != nil {
		return s.err
	}
	return errors.New("the session ended")
}

func refusal(a hosts.Answer) error {
	if a.Error == "" {
		return nil
	}
	return &PermanentError{errors.New(a.Error)}
}
