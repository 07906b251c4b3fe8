package cli

import (
	"context"
	"encoding/json"
	"os"

	"landfall/cli/exit"
	"landfall/cli/process"
	"landfall/cli/specflags"
	"landfall/cli/trial"
	"landfall/loadgen/script"
	"landfall/node/gateway"
)

type tryCmd struct {
	specflags.Flags
	Args     []string `arg:"" optional:"" name:"spec.yaml|URL" help:"Spec file, URL, or both; - reads the spec from standard input."`
	Scenario string   `placeholder:"NAME" help:"Scenario to try (the first one)."`
	JSON     bool     `name:"json" help:"Print JSON."`
	Show     bool     `name:"show-secrets" help:"Do not mask secrets, cookies and extracted tokens."`
}

// Run executes one iteration of one user without think time and prints it, or the requests of a plain spec, with secrets, cookies and tokens masked. It exits with 1
// if the iteration or a check failed.
func (c *tryCmd) Run(a *app) error {
	c.Note, c.Trial = note, true
	spec, err := c.Flags.Spec(c.Args, os.Stdin)
	if err == nil {
		if spec, err = trial.Only(spec, c.Scenario); err == nil {
			err = script.Check(spec)
		}
	}
	if err != nil {
		return &exit.UsageError{Err: specflags.Explain(err, a.args)}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	end := process.Ending(exit.Interrupted, "stopping; press Ctrl-C again to quit at once")
	go func() {
		<-end
		cancel()
	}()
	t, err := trial.Run(ctx, spec, a.version)
	if err != nil {
		return err
	}
	hide := trial.Masking(t, spec.Secrets)
	if c.Show {
		hide = trial.Mask{}
	}
	if c.JSON {
		err = t.JSON(os.Stdout, hide)
	} else {
		out := &written{w: os.Stdout}
		t.Text(out, hide)
		err = out.err
	}
	switch {
	case err == nil && ctx.Err() != nil:
		return exitCode(exit.Interrupted)
	case err == nil && !t.Passed():
		return exitCode(exit.Failed)
	}
	return err
}

// specCheckCmd checks a spec file.
type specCheckCmd struct {
	specflags.Flags
	Args []string `arg:"" name:"spec.yaml|URL" help:"Spec file; - for standard input."`
}

// Run prints what would be sent.
func (c *specCheckCmd) Run(a *app) error {
	spec, err := c.Flags.Spec(c.Args, os.Stdin)
	if err != nil {
		return &exit.UsageError{Err: specflags.Explain(err, a.args)}
	}
	out := &written{w: os.Stdout}
	trial.Outline(out, spec)
	return out.err
}

// specJSONCmd converts a spec file to the JSON of the REST API.
type specJSONCmd struct {
	specflags.Flags
	Args []string `arg:"" name:"spec.yaml|URL" help:"Spec file; - for standard input."`
}

// Run prints the body of a request that starts a run, including the secrets of the spec.
func (c *specJSONCmd) Run(a *app) error {
	c.Note = note
	spec, err := c.Flags.Spec(c.Args, os.Stdin)
	if err != nil {
		return &exit.UsageError{Err: specflags.Explain(err, a.args)}
	}
	return json.NewEncoder(os.Stdout).Encode(gateway.Create{Spec: spec})
}
