package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"

	ui "github.com/ponte-desk/ponte/app"
)

// packageFile is where the app's package is written by default.
const packageFile = "ponte-app.zip"

// manageApp makes the package of the app inside Zendesk.
func manageApp(_ context.Context, s streams, args []string) error {
	if len(args) == 0 || args[0] != "package" {
		return errUsage
	}
	flags := flag.NewFlagSet("app package", flag.ContinueOnError)
	flags.SetOutput(s.err)
	out := flags.String("out", packageFile, "the `file` to write; - = standard output")
	public := flags.String("public-url", "", "the `address` that Zendesk reaches Ponte at; without it PONTE_PUBLIC_URL")
	if flags.Parse(args[1:]) != nil || flags.NArg() > 0 {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	address := cmp.Or(*public, c.PublicURL)
	if address == "" {
		return fmt.Errorf("PONTE_PUBLIC_URL is missing: set it to https://<host of Ponte>, or give --public-url")
	}
	raw, err := ui.Package(address)
	if err != nil {
		return err
	}
	if *out == "-" {
		_, err = s.out.Write(raw)
		return err
	}
	if err := os.WriteFile(*out, raw, 0o644); err != nil { // #nosec G306 -- there is no secret in it
		return err
	}
	fmt.Fprintf(s.out, "%s: version %s for %s\n", *out, ui.Version, address)
	fmt.Fprintln(s.out, "Upload it in Zendesk's admin centre (Apps and integrations > Zendesk Support apps > Upload private app),")
	fmt.Fprintln(s.out, "then set PONTE_ZENDESK_APP_ID to the app's number, restart ponte serve, and check with ponte doctor.")
	return nil
}
