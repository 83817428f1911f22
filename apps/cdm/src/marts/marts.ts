import { CategoryPopularity } from './category-popularity.entity';
import { DailySales } from './daily-sales.entity';
import { ProductPopularity } from './product-popularity.entity';
import { RestaurantCategoryCounter } from './restaurant-category-counters.entity';
import { UserCategoryCounter } from './user-category-counters.entity';
import { UserProductCounter } from './user-product-counters.entity';
import { martOf } from './declare-mart';

const all = [
  UserProductCounter,
  UserCategoryCounter,
  RestaurantCategoryCounter,
  DailySales,
  ProductPopularity,
  CategoryPopularity,
].map(martOf);

/**
 * All marts that count orders, in the order in which they are written: those of the users who are held, then those at
 * which replicas meet, some of which count rows of the former.
 */
export const marts = [...all.filter(({ slots }) => !slots), ...all.filter(({ slots }) => slots)];
