/** The moves that BUY, SELL and the chances speak of, as log returns over the horizon: ≥ +10 % and ≤ −10 %. */
export const UP_MOVE = Math.log(1.1);
export const DOWN_MOVE = Math.log(0.9);
