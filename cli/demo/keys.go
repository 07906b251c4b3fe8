package demo

import (
	"path/filepath"

	"landfall/node"
	"landfall/node/sign"
)

// makeKeys creates keys for the operator and every driver. The root key is discarded: no one else can join this fleet.
func (f *Fleet) makeKeys(drivers []string) error {
	f.Ring, f.Key = filepath.Join(f.Dir, "fleet.keys"), f.keyOf(operator)
	signers := []node.Signer{{Name: operator, Role: node.RoleOperator}}
	for _, name := range drivers {
		signers = append(signers, node.Signer{Name: name, Role: node.RoleDriver})
	}
	members := make([]sign.Member, len(signers))
	for i, s := range signers {
		k := sign.NewKey()
		if err := k.Save(f.keyOf(s.Name)); err != nil {
			return err
		}
		members[i] = sign.Member{Public: k.Public(), Signer: s}
	}
	root := sign.NewKey()
	ring, err := sign.NewRing(root).Next(root, nil, func(list *[]sign.Member) error {
		*list = members
		return nil
	})
	if err != nil {
		return err
	}
	return ring.Save(f.Ring)
}

// operator is the name of the user who watches the demo.
const operator = "you"

func (f *Fleet) keyOf(name string) string { return filepath.Join(f.Dir, name+".key") }
