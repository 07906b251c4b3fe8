package launch

import (
	"io"
	"os"

	"landfall/loadgen"
)

// UsageError is what whoever typed the command did wrong.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// FromCurl is the command that makes a spec file of a curl command.
type FromCurl struct {
	Command string `arg:"" optional:"" help:"The command, in quotes (standard input)."`
}

// Run writes the spec to standard output.
func (c *FromCurl) Run() error {
	if c.Command == "" {
		text, err := io.ReadAll(io.LimitReader(os.Stdin, 8<<20))
		if err != nil {
			return err
		}
		c.Command = string(text)
	}
	return writeSpec(loadgen.SpecFromCurl(c.Command))
}

// FromHAR is the command that makes a spec file of an HTTP archive.
type FromHAR struct {
	File *os.File `arg:"" help:"The archive; - for standard input."`
}

// Run writes the spec to standard output.
func (c *FromHAR) Run() error {
	data, err := io.ReadAll(io.LimitReader(c.File, 256<<20))
	if err != nil {
		return err
	}
	return writeSpec(loadgen.SpecFromHAR(data))
}

func writeSpec(s loadgen.Spec, err error) error {
	if err != nil {
		return &UsageError{err}
	}
	text, err := loadgen.MarshalSpec(s)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}
