package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

// setupOptions is what a command line of setup asks for.
type setupOptions struct {
	dryRun     bool
	agreed     provision.Options
	secretFile string
	language   settings.Language
}

// setup has the Zendesk account get what Ponte needs.
func setup(ctx context.Context, s streams, args []string) error {
	o, err := readSetupOptions(s, args)
	if err != nil {
		return err
	}
	c, err := configured(false)
	if err == nil {
		err = setupNeeds(c)
	}
	if err != nil {
		return err
	}
	set, err := currentSettings(ctx, c)
	if err != nil {
		return err
	}
	needs, err := provision.Needed(set, c.PublicURL)
	if err != nil {
		return fmt.Errorf("PONTE_PUBLIC_URL or settings: %w", err)
	}
	desk, err := zendesk.New(zendesk.Config{
		BaseURL: c.ZendeskURL, ClientID: c.ZendeskClientID, ClientSecret: c.ZendeskClientSecret,
		Tokens: zendesk.NewMemoryTokens(), Now: time.Now, BreakAfter: -1,
	})
	if err != nil {
		return fmt.Errorf("PONTE_ZENDESK_URL: %w", err)
	}
	have := provision.Read(ctx, desk)
	if err := have.Err(); err != nil {
		return fmt.Errorf("%w\nthe OAuth client must belong to an admin; `ponte doctor` tells more", err)
	}
	plan := provision.Diff(needs, have, o.agreed)
	if o.dryRun {
		showPlan(s.out, plan, o.language)
		fmt.Fprintf(s.out, "%d to do, %d proposed; nothing written\n", plan.Changes(), plan.Proposals())
		return nil
	}
	return carryOut(ctx, s, desk, needs, plan, o)
}

func readSetupOptions(s streams, args []string) (setupOptions, error) {
	o := setupOptions{}
	language := string(settings.LanguageEN)
	flags := flag.NewFlagSet("setup", flag.ContinueOnError)
	flags.SetOutput(s.err)
	flags.BoolVar(&o.dryRun, "dry-run", false, "shows the plan and writes nothing")
	flags.BoolVar(&o.agreed.Adopt, "adopt", false, "also completes things that Ponte did not make, or that people changed")
	flags.BoolVar(&o.agreed.Quiet, "quiet-notifications", false, "also keeps the account's e-mail triggers off WhatsApp's tickets")
	flags.StringVar(&o.secretFile, "secret-file", "", "writes the webhook's signing secret to a `file` instead of the output")
	flags.StringVar(&language, "lang", language, "the `language` of the plan: en or pt-BR")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return o, errUsage
	}
	o.language = settings.Language(language)
	if o.language != settings.LanguageEN && o.language != settings.LanguagePT {
		return o, errUsage
	}
	return o, nil
}

// setupNeeds lists what of the environment setup can't do without, one line each.
func setupNeeds(c app.Config) error {
	var wrong []error
	for _, v := range []struct{ name, value, mend string }{
		{"PONTE_PUBLIC_URL", c.PublicURL, "set it to the https address that Zendesk reaches Ponte by"},
		{"PONTE_ZENDESK_URL", c.ZendeskURL, "set it to https://<subdomain>.zendesk.com"},
		{"PONTE_ZENDESK_CLIENT_ID", c.ZendeskClientID, "create a confidential OAuth client in Zendesk's admin centre"},
		{"PONTE_ZENDESK_CLIENT_SECRET", string(c.ZendeskClientSecret), "copy the OAuth client's secret"},
	} {
		if v.value == "" {
			wrong = append(wrong, fmt.Errorf("%s is missing: %s", v.name, v.mend))
		}
	}
	return errors.Join(wrong...)
}

// currentSettings are those that are stored; without PONTE_REDIS_URL the defaults.
func currentSettings(ctx context.Context, c app.Config) (op settings.Operation, err error) {
	if c.RedisURL == "" {
		return settings.DefaultOperation(), nil
	}
	kept, closeIt, err := app.OpenSettings(c)
	if err != nil {
		return op, err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	op, _, err = kept.Load(ctx)
	return op, err
}

// stepSign is how a plan's line begins.
func stepSign(a provision.Action) string {
	switch a {
	case provision.ActionCreate:
		return "+"
	case provision.ActionUpdate:
		return "~"
	case provision.ActionPropose:
	}
	return "?"
}

func showStep(w io.Writer, step provision.Step, l settings.Language) {
	fmt.Fprintf(w, "%s %s", stepSign(step.Action), step.Text.In(l))
	if step.Action == provision.ActionPropose && step.Flag != "" {
		fmt.Fprintf(w, " (%s)", step.Flag)
	}
	fmt.Fprintln(w)
}

func showPlan(w io.Writer, plan provision.Plan, l settings.Language) {
	for _, step := range plan.Steps {
		showStep(w, step, l)
	}
}

// carryOut applies a plan, tells of every step, and hands the webhook's secret over.
func carryOut(ctx context.Context, s streams, desk *zendesk.Client, n provision.Needs, plan provision.Plan, o setupOptions) error {
	done, err := provision.Apply(ctx, desk, plan, func(step provision.Step) { showStep(s.out, step, o.language) })
	for _, step := range plan.Steps {
		if step.Action == provision.ActionPropose {
			showStep(s.out, step, o.language)
		}
	}
	fmt.Fprintf(s.out, "%d done, %d proposed\n", done.Done, plan.Proposals())
	return errors.Join(err, handSecret(ctx, s, desk, n, done.Secret, o))
}

// handSecret writes the secret to the file that was asked for, whether it is new or not; without one a new secret is printed.
func handSecret(ctx context.Context, s streams, desk *zendesk.Client, n provision.Needs, secret zendesk.Secret, o setupOptions) error {
	if o.secretFile == "" {
		if secret != "" {
			fmt.Fprintf(s.out, "PONTE_ZENDESK_WEBHOOK_SECRET=%s\n", string(secret))
		}
		return nil
	}
	if secret == "" {
		list, err := desk.Webhooks(ctx)
		if err != nil {
			return err
		}
		w, ok := provision.Have{Webhooks: list}.Webhook(n.Endpoint)
		if !ok {
			return errors.New("there is no webhook whose secret could be written")
		}
		if secret, err = desk.WebhookSecret(ctx, w.ID); err != nil {
			return err
		}
	}
	if err := os.WriteFile(o.secretFile, []byte(secret), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "PONTE_ZENDESK_WEBHOOK_SECRET_FILE=%s\n", o.secretFile)
	return nil
}
