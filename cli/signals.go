package cli

import (
	"context"
	"os"

	"landfall/cli/exit"
	"landfall/cli/process"
)

// lifeFlags are how long a process lives that others may have started.
type lifeFlags struct {
	UntilEOF bool `name:"until-eof" hidden:"" help:"End when standard input does."`
}

func (l lifeFlags) ending(word string) <-chan struct{} {
	end := process.ServerEnding(exit.Failed, word)
	if !l.UntilEOF {
		return end
	}
	return process.Either(end, process.EOF(os.Stdin))
}

// interrupted is a context that ends with the first signal.
func interrupted() context.Context { return until(process.Ending(exit.Interrupted, "")) }

func until(end <-chan struct{}) context.Context { return process.Until(end, exit.ErrInterrupted) }
