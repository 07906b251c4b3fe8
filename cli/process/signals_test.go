//go:build unix

package process

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestSessionOverWhenReaderCloses(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	over := SessionOver(w)
	select {
	case <-over:
		t.Fatal("the session is over while the reader is open")
	default:
	}
	r.Close()
	<-over
}

func TestEndOfInputEndsTheContext(t *testing.T) {
	cause := errors.New("the parent is gone")
	ctx := Until(Either(make(chan struct{}), EOF(strings.NewReader("words that nobody reads"))), cause)
	<-ctx.Done()
	if got := context.Cause(ctx); got != cause {
		t.Errorf("cause %v, want %v", got, cause)
	}
}
