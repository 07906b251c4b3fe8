package cli

import (
	"context"
	"fmt"
	"os"

	"landfall/cli/exit"
	"landfall/cli/process"
)

// lifeFlags configure when a process started by another one exits.
type lifeFlags struct {
	UntilEOF bool `name:"until-eof" hidden:"" help:"Exit when standard input is closed."`
}

func (l lifeFlags) ending(word string) <-chan struct{} {
	end := process.ServerEnding(exit.Failed, word)
	if !l.UntilEOF {
		return end
	}
	return process.Either(end, process.EOF(os.Stdin))
}

// note prints a remark about an accepted command line.
func note(text string) { fmt.Fprintln(os.Stderr, "note:", text) }

// interrupted returns a context that is canceled by the first signal.
func interrupted() context.Context { return until(process.Ending(exit.Interrupted, "")) }

func until(end <-chan struct{}) context.Context { return process.Until(end, exit.ErrInterrupted) }
