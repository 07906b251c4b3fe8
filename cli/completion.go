package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Shell: bash, zsh or fish."`
}

// zshCompletion works both as an autoloaded function in fpath and when it is sourced. The program prints the candidates for
// $COMP_LINE, one per line.
const zshCompletion = `#compdef landfall
_landfall() {
  local -a candidates
  candidates=("${(@f)$(COMP_LINE="${(j: :)words[1,CURRENT]}" BINARY)}")
  candidates=(${candidates:#})
  if (( $#candidates )); then compadd -Q -- $candidates; else _files; fi
}
if [ "$funcstack[1]" = _landfall ]; then _landfall; else compdef _landfall landfall; fi
`

func (c *completionCmd) Run(ctx *kong.Context) error {
	if c.Shell != "zsh" {
		return (&kongcompletion.Completion{Shell: c.Shell, Code: true}).Run(ctx)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	quoted := "'" + strings.ReplaceAll(self, "'", `'\''`) + "'"
	_, err = fmt.Fprint(ctx.Stdout, strings.Replace(zshCompletion, "BINARY", quoted, 1))
	return err
}
