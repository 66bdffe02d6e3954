# Everything a developer or an operator starts; the work is in scripts/.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test dev demo bench e2e fmt lint

help: ## Show this list
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: ## Build for release and start on http://127.0.0.1:3000, with SQLite under ./data
	@scripts/setup run && scripts/build-release && exec target/release/rolecall serve

test: ## Run every check and every test, as CI does
	@scripts/test

dev: ## Start with rebuild and reload on each change
	@scripts/setup run && . scripts/env && exec cargo leptos watch --split

demo: ## Start on a fresh workspace with believable people and invitations, under ./data/demo
	@scripts/setup run && scripts/build-release && exec scripts/demo

bench: ## Measure sizes, start-up, memory and pages, and compare with the limits
	@scripts/setup run && scripts/build-release && exec scripts/bench

e2e: ## Run the browser tests alone; ARGS goes to Playwright (make e2e ARGS='-g invite')
	@scripts/setup test && scripts/build-e2e && exec scripts/e2e $(ARGS)

fmt: ## Format the Rust code
	@cargo fmt --all

lint: ## Check formatting, Clippy for server and browser, types of the browser tests
	@scripts/setup run && exec scripts/lint
