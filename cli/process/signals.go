// Package process is the life of a process: it lasts until a signal, until its standard input ends, or until the session
// that started it is over. What a process does before it exits is the command's business.
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

// told is the least time between the first signal and an exit by a second one, so that a shutdown that has started, such as a
// record that stops a run, can finish: timeout, and other programs that forward signals, send each of them twice.
const told = 200 * time.Millisecond

// Ending returns a channel that is closed at the first signal that asks a command to stop, when it prints word on stderr; a
// second signal exits at once with code. SIGHUP counts unless it is ignored (nohup), but never as the second one: a session
// that closes may send it twice.
func Ending(code int, word string) <-chan struct{} {
	return ending(code, word, append(heeded(syscall.SIGHUP), syscall.SIGINT, syscall.SIGTERM))
}

// ServerEnding is Ending for what may run in the background of a script: there shells ignore SIGINT, so that a Ctrl-C is
// for the command in front.
func ServerEnding(code int, word string) <-chan struct{} {
	return ending(code, word, heeded(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM))
}

// heeded are the signals that this process was not started to ignore.
func heeded(signals ...os.Signal) (list []os.Signal) {
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
				time.Sleep(time.Until(first.Add(told)))
				os.Exit(code)
			}
		}
	}()
	return end
}

// EOF is closed when r ends. It is how a child notices that its parent is gone, on every system.
func EOF(r io.Reader) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, r)
	}()
	return ended
}

// WithParent calls f once the process that started this one has ended, where a system tells that (Windows does not).
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

// Either is closed when a or b is.
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

// Until is a context that ends with end, because of cause.
func Until(end <-chan struct{}, cause error) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() { <-end; cancel(cause) }()
	return ctx
}
