import type { FrameLocator, Page } from "@playwright/test";

/** Where the app is: a page, or a frame of one. */
export type Scope = Page | FrameLocator;
