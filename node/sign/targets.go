package sign

import "errors"

func (m *Member) checkTargets() error {
	for _, t := range m.Targets {
		if t == "" {
			return errors.New("targets=: has an empty entry")
		}
	}
	return nil
}
