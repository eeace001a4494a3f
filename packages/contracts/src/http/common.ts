import * as z from 'zod';

/** Longest card id that any part of the system accepts, in UTF-16 code units. */
export const CARD_ID_MAX = 200;

/** A card id: a stable key, printable, without surrounding blanks. */
export const CardIdSchema = z.string().min(1).max(CARD_ID_MAX).meta({ example: 'sv2a_151_charizard_ex___201_165' });

/** A UTC calendar day, `YYYY-MM-DD`; days that do not exist are refused. */
export const DaySchema = z.iso.date().meta({ example: '2026-11-20' });

export const SignalSchema = z.enum(['BUY', 'SELL', 'HOLD']);
export type Signal = z.infer<typeof SignalSchema>;

/** A chance, from 0 to 1. */
export const ChanceSchema = z.number().min(0).max(1);
