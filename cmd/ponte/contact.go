package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ponte-desk/ponte/internal/app"
)

// contact exports what is kept of a person, or has it erased.
func contact(ctx context.Context, s streams, args []string) (err error) {
	if len(args) != 2 || args[0] != "export" && args[0] != "erase" {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	people, err := app.OpenPeople(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, people.Close()) }()
	who, err := people.Find(ctx, args[1])
	if err != nil {
		return err
	}
	if args[0] == "erase" {
		request, threads, err := people.Erase(ctx, who)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "contact %s: %d threads are erased by the running instances (request %s)\n", who, threads, request)
		return nil
	}
	record, err := people.Export(ctx, who)
	if err != nil {
		return err
	}
	e := json.NewEncoder(s.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(record)
}
