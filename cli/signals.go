package cli

import (
	"context"
	"os"

	"landfall/node/launch"
	"landfall/node/life"
)

// lifeFlags are how long a process lives that others may have started.
type lifeFlags struct {
	UntilEOF bool `name:"until-eof" hidden:"" help:"End when standard input does."`
}

func (l lifeFlags) ending(word string) <-chan struct{} {
	end := life.ServerEnding(launch.ExitFailed, word)
	if !l.UntilEOF {
		return end
	}
	return life.Either(end, life.EOF(os.Stdin))
}

// interrupted is a context that ends with the first signal.
func interrupted() context.Context { return until(life.Ending(launch.ExitInterrupted, "")) }

func until(end <-chan struct{}) context.Context { return life.Until(end, launch.ErrInterrupted) }
