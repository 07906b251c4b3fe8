package cli

import (
	"fmt"
	"runtime"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
)

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, err := fmt.Println(versionLine(a.version))
	return err
}

func versionLine(version string) string {
	return fmt.Sprintf("landfall %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Shell: bash, zsh or fish."`
}

func (c *completionCmd) Run(ctx *kong.Context) error {
	return (&kongcompletion.Completion{Shell: c.Shell, Code: true}).Run(ctx)
}
