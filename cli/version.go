package cli

import (
	"fmt"
	"runtime"
)

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, err := fmt.Println(versionLine(a.version))
	return err
}

func versionLine(version string) string {
	return fmt.Sprintf("landfall %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
