import { CategoryPopularity } from '../entities/category-popularity.entity';
import { DailySales } from '../entities/daily-sales.entity';
import { ProductPopularity } from '../entities/product-popularity.entity';
import { RestaurantCategoryCounter } from '../entities/restaurant-category-counters.entity';
import { UserCategoryCounter } from '../entities/user-category-counters.entity';
import { UserProductCounter } from '../entities/user-product-counters.entity';
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
 * All marts that count orders, in the order in which they are written: those of the users who are held, then those at which replicas
 * meet, so that nobody waits long.
 */
export const marts = [...all.filter(({ isShared }) => !isShared), ...all.filter(({ isShared }) => isShared)];
