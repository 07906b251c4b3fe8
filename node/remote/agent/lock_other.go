//go:build !unix

package agent

import (
	"context"
	"errors"
)

var errUnsupported = errors.New("landfall fleet: hosts must run a Unix")

func lock(context.Context, string) (func(), error) { return nil, errUnsupported }

func reap() {}

func kill(int) error { return errUnsupported }

func ignoreSignals() {}
