// Package process detects when a process must exit: on a signal, at the end of its standard input, or when the session that started it
// closes. Cleaning up is left to the command.
package process

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// signalGap is the minimum time between the first signal and an exit by a second one, so that a shutdown in progress can still write the
// record that stops a run. timeout and other programs that forward signals send each signal twice.
const signalGap = 200 * time.Millisecond

// Ending returns a channel that is closed at the first signal that asks the process to stop; word is then printed on stderr. A second signal
// exits at once with code. SIGHUP counts as a first signal unless it is ignored (nohup), but never as a second one, because a closing
// session may send it twice.
func Ending(code int, word string) <-chan struct{} {
	return ending(code, word, append(notIgnored(syscall.SIGHUP), syscall.SIGINT, syscall.SIGTERM))
}

// ServerEnding is like [Ending], for processes that scripts start in the background: there shells ignore SIGINT, so that Ctrl-C reaches only
// the foreground command.
func ServerEnding(code int, word string) <-chan struct{} {
	return ending(code, word, notIgnored(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM))
}

// notIgnored returns the signals that were not ignored when this process started.
func notIgnored(signals ...os.Signal) (list []os.Signal) {
	for _, s := range signals {
		if !signal.Ignored(s) {
			list = append(list, s)
		}
	}
	return list
}

func ending(code int, word string, asking []os.Signal) <-chan struct{} {
	end := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, asking...)
	go func() {
		<-signals
		first := time.Now()
		if word != "" {
			fmt.Fprintln(os.Stderr, "landfall:", word)
		}
		close(end)
		for s := range signals {
			if s != syscall.SIGHUP {
				time.Sleep(time.Until(first.Add(signalGap)))
				os.Exit(code)
			}
		}
	}()
	return end
}

// EOF returns a channel that is closed at the end of r. With a pipe as standard input, a child detects the exit of its parent on every system.
func EOF(r io.Reader) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, r)
	}()
	return ended
}

// WithParent calls f once the parent process has exited. On Windows, which does not report this, it does nothing.
func WithParent(f func()) {
	const look = 200 * time.Millisecond
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(look)
		}
		f()
	}()
}

// Either returns a channel that is closed when a or b is closed.
func Either(a, b <-chan struct{}) <-chan struct{} {
	c := make(chan struct{})
	go func() {
		defer close(c)
		select {
		case <-a:
		case <-b:
		}
	}()
	return c
}

// Until returns a context that is canceled with cause when end is closed.
func Until(end <-chan struct{}, cause error) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() { <-end; cancel(cause) }()
	return ctx
}
