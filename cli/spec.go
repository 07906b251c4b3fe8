package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/importer"
	"landfall/loadgen/specfile"
	"landfall/node"
)

type specCmd struct {
	FromCurl fromCurlCmd `cmd:"" name:"from-curl" help:"From a curl command, such as browsers copy: as one argument, or on standard input."`
	FromHAR  fromHARCmd  `cmd:"" name:"from-har" help:"From an HTTP archive that a browser has saved."`
}

// fromCurlCmd makes a spec file of a curl command.
type fromCurlCmd struct {
	Command string `arg:"" optional:"" help:"The command, in quotes (standard input)."`
}

// Run writes the spec to standard output.
func (c *fromCurlCmd) Run() error {
	if c.Command == "" {
		text, err := io.ReadAll(io.LimitReader(os.Stdin, 8<<20))
		if err != nil {
			return err
		}
		c.Command = string(text)
	}
	return writeSpec(importer.FromCurl(c.Command))
}

// fromHARCmd makes a spec file of an HTTP archive.
type fromHARCmd struct {
	File *os.File `arg:"" help:"The archive; - for standard input."`
	Host string   `placeholder:"HOST[:PORT]" help:"Whose requests are wanted (the first one's host)."`
}

// Run writes the spec to standard output.
func (c *fromHARCmd) Run() error {
	data, err := io.ReadAll(io.LimitReader(c.File, 256<<20))
	if err != nil {
		return err
	}
	spec, left, err := importer.FromHAR(data, c.Host)
	for _, origin := range slices.Sorted(maps.Keys(left)) {
		fmt.Fprintf(os.Stderr, "left out: %d requests, %s\n", left[origin], node.Clean(origin, 200))
	}
	if len(left) > 0 && err == nil {
		fmt.Fprintf(os.Stderr, "a spec has one target: here it is %s\n", node.Clean(spec.Target, 200))
	}
	return writeSpec(spec, err)
}

func writeSpec(s loadgen.Spec, err error) error {
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	text, err := specfile.Marshal(s)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}
